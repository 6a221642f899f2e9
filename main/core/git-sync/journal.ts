import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { isObject, parseJson } from '../../../shared/json.ts';
import type { Files } from '../ports/files.ts';
import { inFolder } from '../files/folder-path.ts';

/** A run's next step. Written before the step, so that the next run knows what a killed one may have left half done. */
export type JournalStep =
  | { readonly step: 'identity' }
  | { readonly step: 'rescue' }
  /** Paths being staged and committed. */
  | { readonly step: 'commit'; readonly paths: readonly string[] }
  | { readonly step: 'fetch' }
  | { readonly step: 'integrate' }
  | { readonly step: 'push' }
  /** The work tree moves between two commits. */
  | { readonly step: 'move'; readonly old: string; readonly new: string };

/** Logs that arrived between two commits, with notes not collected yet. */
export interface OwedNotes {
  readonly from: string;
  readonly to: string;
}

/** The rest of a run that did not end. */
export interface OldJournal {
  /** Marks of the run's git processes, and of runs that were killed while repairing it. */
  readonly marks: readonly string[];
  readonly tree: string;
  readonly gitDir: string;
  readonly branch: string | null;
  readonly last: JournalStep | null;
  readonly owed: readonly OwedNotes[];
  /** When the last step was written, by the clock of the disk with the lock files. */
  readonly lastWriteMs: number;
}

export interface JournalHeader {
  readonly mark: string;
  readonly tree: string;
  readonly gitDir: string;
  readonly branch: string | null;
}

/** Folder of git sync's own files in a repository. */
export function stateFolder(commonDir: string): string {
  return inFolder(commonDir, 'session-log');
}

/** The journal of the lock's owner. */
export interface Journal {
  /**
   * Records a step before it is taken.
   * @param durable even across a power cut; false for steps that leave only a lock file behind
   */
  step(step: JournalStep, durable: boolean): Answer<void>;
  /** Records all ranges with uncollected notes; they are collected when the journal is cleared. */
  owe(owed: readonly OwedNotes[]): Answer<void>;
  /** Ends the run: nothing is half done. */
  clear(): Answer<void>;
}

/** Opens a run's journal. Writes no file before the first step. */
export function openJournal(files: Files, commonDir: string, header: JournalHeader): Journal {
  const path = journalPath(commonDir);
  let written = false;
  const write = async (record: object, durable: boolean): Answer<void> => {
    const start = written ? '' : `${JSON.stringify({ v: 1, ...header })}\n`;
    const bytes = new TextEncoder().encode(`${start}${JSON.stringify(record)}\n`);
    const appended = await files.append(path, bytes, { sync: durable });
    if (appended.ok) written = true;
    return appended;
  };
  return {
    step: write,
    owe: (owed) => write({ owed }, true),
    clear: async () => {
      if (!written) return ok(undefined);
      written = false;
      return files.remove(path);
    },
  };
}

/**
 * Reads an earlier run's journal.
 * @returns null when there is none; `torn` when not even its first line is readable
 */
export async function readJournal(files: Files, commonDir: string): Answer<OldJournal | 'torn' | null> {
  const path = journalPath(commonDir);
  const read = await files.read(path);
  if (!read.ok) return read;
  if (read.value === null) return ok(null);
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  return ok(parseJournal(read.value, facts.value?.mtimeMs ?? 0));
}

/** Parses a journal; skips lines cut by a crash. A run that was killed while repairing another has added its own. */
export function parseJournal(bytes: Uint8Array, lastWriteMs: number): OldJournal | 'torn' {
  const marks: string[] = [];
  let header: Pick<OldJournal, 'tree' | 'gitDir' | 'branch'> | null = null;
  let last: JournalStep | null = null;
  let owed: readonly OwedNotes[] = [];
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const record = parseJson(line);
    if (!isObject(record)) continue;
    const { mark, tree, gitDir, branch } = record;
    if (typeof mark === 'string' && /^[0-9a-f]+$/.test(mark)) {
      marks.push(mark);
      if (typeof tree === 'string' && typeof gitDir === 'string')
        header = { tree, gitDir, branch: typeof branch === 'string' ? branch : null };
    }
    last = parseStep(record) ?? last;
    if ('owed' in record) owed = parseOwed(record['owed']);
  }
  return header === null ? 'torn' : { ...header, marks, last, owed, lastWriteMs };
}

/** Path of a repository's journal. */
export function journalPath(commonDir: string): string {
  return inFolder(stateFolder(commonDir), 'journal.jsonl');
}

const SHA = /^[0-9a-f]{40,64}$/;

/** Whether it is a git object's full name. */
export function isSha(value: unknown): value is string {
  return typeof value === 'string' && SHA.test(value);
}

function parseStep(record: Readonly<Record<string, unknown>>): JournalStep | null {
  const { step, paths, old, new: target } = record;
  switch (step) {
    case 'identity':
    case 'rescue':
    case 'fetch':
    case 'integrate':
    case 'push':
      return { step };
    case 'commit':
      return Array.isArray(paths) ? { step, paths: paths.filter((path) => typeof path === 'string') } : null;
    case 'move':
      return isSha(old) && isSha(target) ? { step, old, new: target } : null;
    default:
      return null;
  }
}

function parseOwed(value: unknown): readonly OwedNotes[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((range: unknown) => {
    const { from, to } = isObject(range) ? range : {};
    return isSha(from) && isSha(to) ? [{ from, to }] : [];
  });
}
