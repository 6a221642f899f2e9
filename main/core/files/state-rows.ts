import * as v from 'valibot';
import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';

/**
 * A state file with a list that may be long: one JSON object as any other (`schema: 1`), whose list stands last and a row a line, so that it is
 * read and written piece by piece. What is in memory is the rows themselves and never the text of all of them.
 */
export interface RowsFormat<T> {
  readonly item: v.GenericSchema<unknown, T>;
  /** The name of the list. */
  readonly list: string;
}

/** What a state file with rows holds besides them. */
export interface StateHead {
  /** The other members, as they stand. */
  readonly head: Readonly<Record<string, unknown>>;
  /** Tells whether the file is still this one: compare it with {@link rowsPrint}. */
  readonly print: string;
}

/** What is read or written at a time, bytes. */
export const PIECE = 1 << 20;
/**
 * Reads rows, and of each only what can be understood.
 * @param add gets them; they count only when a head is returned
 * @returns null for a file that is not there, was written otherwise, was replaced meanwhile, or is damaged: whoever reads files whole says which
 */
export async function readRows<T>(
  files: Files,
  path: string,
  format: RowsFormat<T>,
  add: (row: T) => void,
): Promise<Result<StateHead | null, AppError>> {
  const print = await rowsPrint(files, path);
  if (!print.ok) return print;
  const head = await readOnce(files, path, format, add);
  const after = await rowsPrint(files, path);
  if (!head.ok || !after.ok) return head.ok ? (after as Result<null, AppError>) : head;
  return ok(
    head.value === null || after.value !== print.value ? null : { head: head.value, print: print.value },
  );
}

/** Size, time and place of a state file; empty where there is none. */
export async function rowsPrint(files: Pick<Files, 'stat'>, path: string): Promise<Result<string, AppError>> {
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  return ok(facts.value === null ? '' : `${facts.value.size} ${facts.value.mtimeMs} ${facts.value.ino}`);
}

async function readOnce<T>(
  files: Files,
  path: string,
  { item, list }: RowsFormat<T>,
  add: (row: T) => void,
): Promise<Result<StateHead['head'] | null, AppError>> {
  let head: StateHead['head'] | null = null;
  let isEnded = false;
  /** @returns false for a line that does not belong there */
  const take = (line: string): boolean => {
    if (isEnded) return false;
    isEnded = head !== null && line === ']}';
    if (isEnded) return true;
    const value = parsed(head === null ? `${line}]}` : line.replace(/,$/, ''));
    if (head === null) {
      head = line.endsWith(`"${list}":[`) ? ((value as StateHead['head'] | undefined) ?? null) : null;
      return head?.['schema'] === 1;
    }
    const row = v.safeParse(item, value);
    if (row.success) add(row.output);
    return value !== undefined;
  };
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for (let from = 0; ; from += PIECE) {
    const piece = await files.readRange(path, from, PIECE);
    if (!piece.ok) return piece;
    const bytes = piece.value ?? new Uint8Array();
    try {
      const lines = `${rest}${decoder.decode(bytes, { stream: bytes.length === PIECE })}`.split('\n');
      rest = lines.pop() ?? '';
      // Written in one line, as it was before: nothing of it is read here.
      if (!lines.every(take) || head === null) return ok(null);
    } catch {
      return ok(null);
    }
    if (bytes.length < PIECE) return ok(isEnded && rest === '' ? head : null);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
