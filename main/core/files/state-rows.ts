import * as v from 'valibot';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { parseJson } from '../../../shared/json.ts';
import type { Files } from '../ports/files.ts';

/**
 * A state file with a possibly long list: a JSON object as any other (`schema: 1`), whose list is last with one row per line, so that it is
 * read and written piece by piece. Memory holds the rows and never the text of all of them.
 */
export interface RowsFormat<T> {
  readonly item: v.GenericSchema<unknown, T>;
  /** The list's name. */
  readonly list: string;
}

/** A state file's content besides its rows. */
export interface StateHead {
  /** The other members, unchanged. */
  readonly head: Readonly<Record<string, unknown>>;
  /** Identifies the file's state: compare it with {@link rowsPrint}. */
  readonly print: string;
}

/** Bytes read or written at a time. */
export const PIECE = 1 << 20;
/**
 * Reads the valid rows.
 * @param add receives them; they count only when a head is returned
 * @returns null for a file that is absent, in another form, replaced meanwhile, or damaged: the reader of whole files tells which
 */
export async function readRows<T>(
  files: Files,
  path: string,
  format: RowsFormat<T>,
  add: (row: T) => void,
): Answer<StateHead | null> {
  const print = await rowsPrint(files, path);
  if (!print.ok) return print;
  const head = await readOnce(files, path, format, add);
  const after = await rowsPrint(files, path);
  if (!head.ok || !after.ok) return head.ok ? (after as Result<null, AppError>) : head;
  return ok(
    head.value === null || after.value !== print.value ? null : { head: head.value, print: print.value },
  );
}

/** Size, time and inode of a state file; empty if absent. */
export async function rowsPrint(files: Pick<Files, 'stat'>, path: string): Answer<string> {
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  return ok(facts.value === null ? '' : `${facts.value.size} ${facts.value.mtimeMs} ${facts.value.ino}`);
}

async function readOnce<T>(
  files: Files,
  path: string,
  { item, list }: RowsFormat<T>,
  add: (row: T) => void,
): Answer<StateHead['head'] | null> {
  let head: StateHead['head'] | null = null;
  let isEnded = false;
  /** @returns false for an unexpected line */
  const take = (line: string): boolean => {
    if (isEnded) return false;
    isEnded = head !== null && line === ']}';
    if (isEnded) return true;
    const value = parseJson(head === null ? `${line}]}` : line.replace(/,$/, ''));
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
      // In one line, the earlier form: nothing of it is read here.
      if (!lines.every(take) || head === null) return ok(null);
    } catch {
      return ok(null);
    }
    if (bytes.length < PIECE) return ok(isEnded && rest === '' ? head : null);
  }
}
