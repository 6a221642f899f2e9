import { parseCalendarDate, type LogPath, type MachineUuid } from '../../../shared/domain/ids.ts';
import { foldPath, parseLogPath } from '../../../shared/domain/log-path.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { AppError } from '../../../shared/app-error.ts';
import { parseBoundedJson } from '../store/bounded-json.ts';
import { LINE_LIMIT, LOG_LIMIT, refusedPack, REFUSED_LIMIT } from './pack-limits.ts';
import type { PackedText } from './text-sink.ts';

/*
 * A text pack is gzipped lines of JSON: one that names its machine, then one per log. A reader processes line by line and needs memory for
 * one.
 */

const SCHEMA = 1;
const NEWLINE = 0x0a;

/** A pack's first line, with its line break. */
export function packHeader(machine: MachineUuid): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ schema: SCHEMA, machine })}\n`);
}

/** One log's line, with its line break; null when it exceeds a reader's limit. */
export function packLine({ path, sha256, date, text, cut }: PackedText): Uint8Array | null {
  const said = { path, sha256, date, ...(cut ? { cut } : {}), text };
  const line = new TextEncoder().encode(`${JSON.stringify(said)}\n`);
  return line.length > LINE_LIMIT ? null : line;
}

/** A pack's logs, and what was dropped. */
export interface ReadPack {
  readonly texts: readonly PackedText[];
  /** Why single logs were refused; the others stand. */
  readonly refused: readonly string[];
}

/**
 * Reads a pack that another machine wrote: hostile until parsed.
 * @param lines the unpacked bytes
 * @param machine whose head named it
 * @returns `corrupt` ({@link refusedPack}) when it is none of that machine's packs
 */
export function readPack(lines: Uint8Array, machine: MachineUuid): Result<ReadPack, AppError> {
  const texts: PackedText[] = [];
  const refused: string[] = [];
  const seen = new Set<string>();
  let count = 0;
  for (let at = 0; at < lines.length;) {
    const feed = lines.indexOf(NEWLINE, at);
    const end = feed === -1 ? lines.length : feed;
    const tooMuch = end - at > LINE_LIMIT || count > LOG_LIMIT || refused.length > REFUSED_LIMIT;
    if (tooMuch) return err(notUnderstood(machine, 'it is larger than a pack can be'));
    const value = parseBoundedJson(lines.subarray(at, end));
    at = end + 1;
    if (count++ === 0) {
      if (!isHeader(value, machine)) return err(notUnderstood(machine, 'it is not one of that machine'));
      continue;
    }
    const text = readText(value);
    const folded = typeof text === 'string' ? '' : foldPath(text.path);
    if (typeof text === 'string') refused.push(text);
    else if (seen.has(folded)) refused.push(`${text.path} is in it twice`);
    else {
      seen.add(folded);
      texts.push(text);
    }
  }
  return count === 0 ? err(notUnderstood(machine, 'it is empty')) : ok({ texts, refused });
}

function isHeader(value: unknown, machine: MachineUuid): boolean {
  const header = (value ?? {}) as { readonly schema?: unknown; readonly machine?: unknown };
  return header.schema === SCHEMA && header.machine === machine;
}

/** @returns why it is refused, or the text */
function readText(value: unknown): PackedText | string {
  const { path, sha256, date, text, cut } = (value ?? {}) as Partial<Record<string, unknown>>;
  const parsed = parseLogPath(path);
  if (!parsed.ok) return parsed.error.message;
  const day = parseCalendarDate(date);
  const isWhole = typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) && typeof text === 'string';
  if (!isWhole || !day.ok) return `What is said of ${parsed.value satisfies LogPath} cannot be understood.`;
  const clean = text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  return { path: parsed.value, sha256, date: day.value, text: clean, cut: cut === true };
}

function notUnderstood(machine: MachineUuid, why: string): AppError {
  return refusedPack(
    `A text pack of machine ${machine} cannot be used: ${why}.`,
    'Its logs are found once they are pulled. Run `session-log sync --full` on that machine: it writes the pack again.',
  );
}
