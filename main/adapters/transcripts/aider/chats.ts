import { stat } from 'node:fs/promises';
import { readError, readFile } from '../reading/read-file.ts';
import { CHAT, localTime } from './blocks.ts';

/** One of the consecutive chats in a history file. */
export interface Chat {
  /** Its start as digits, `20260301-101500`; a later one in the same second gets the suffix `-2`. */
  readonly name: string;
  /** Bytes from the start of the file. */
  readonly from: number;
  readonly to: number;
  /** When the next one began, epoch milliseconds; null for the last one. */
  readonly endedAt: number | null;
}

/** The chats of history files; an unchanged file is not read again. */
export interface Histories {
  /** @throws AppError when the file cannot be read */
  chats(path: string, signal?: AbortSignal): Promise<readonly Chat[]>;
}

const MOST_FILES = 1_000;
const BEGINNING = Buffer.from('# aider chat started at ');
const LINE_BREAK = 0x0a;
/** Longer than any first line of a chat. */
const OVERLAP = 64;

/** Caches results for its lifetime. */
export function createHistories(): Histories {
  const known = new Map<string, { readonly print: string; readonly chats: readonly Chat[] }>();
  return {
    async chats(path, signal) {
      const facts = await stat(path).catch((error: unknown) => {
        throw readError(path, error);
      });
      const print = `${facts.size} ${facts.mtimeMs} ${facts.ino}`;
      const before = known.get(path);
      if (before?.print === print) return before.chats;
      const chats = await chatsIn(path, signal);
      known.delete(path);
      known.set(path, { print, chats });
      for (const oldest of known.keys()) if (known.size > MOST_FILES) known.delete(oldest);
      return chats;
    },
  };
}

async function chatsIn(path: string, signal: AbortSignal | undefined): Promise<readonly Chat[]> {
  const starts: { readonly at: number; readonly start: string }[] = [];
  let carry = Buffer.alloc(0);
  let offset = 0;
  const look = (bytes: Buffer, isEnd: boolean): void => {
    for (let at = bytes.indexOf(BEGINNING); at !== -1; at = bytes.indexOf(BEGINNING, at + 1)) {
      if (!isEnd && at + OVERLAP > bytes.length) break;
      const isLine = offset + at === 0 || (at > 0 && bytes[at - 1] === LINE_BREAK);
      const line = bytes.toString('latin1', at, at + OVERLAP).split('\n', 1)[0] ?? '';
      const start = isLine ? CHAT.exec(line)?.[1] : undefined;
      // Aider announces one chat twice when it restarts itself.
      const isNew = start !== undefined && starts.at(-1)?.start !== start;
      if (isNew && starts.at(-1)?.at !== offset + at) starts.push({ at: offset + at, start });
    }
  };
  for await (const part of readFile(path, 0, signal)) {
    const bytes = Buffer.concat([carry, part]);
    look(bytes, false);
    const kept = Math.min(bytes.length, OVERLAP + 1);
    offset += bytes.length - kept;
    carry = bytes.subarray(bytes.length - kept);
  }
  look(carry, true);
  return chatsFrom(starts, offset + carry.length);
}

function chatsFrom(starts: readonly { at: number; start: string }[], size: number): readonly Chat[] {
  const seen = new Map<string, number>();
  return starts.map(({ at, start }, index) => {
    const digits = start.replaceAll(/[-:]/g, '').replace(' ', '-');
    const count = (seen.get(digits) ?? 0) + 1;
    seen.set(digits, count);
    const next = starts[index + 1];
    return {
      name: count === 1 ? digits : `${digits}-${count}`,
      // Anything before the first one belongs to it.
      from: index === 0 ? 0 : at,
      to: next?.at ?? size,
      endedAt: next === undefined ? null : localTime(next.start),
    };
  });
}
