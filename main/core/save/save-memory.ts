import type { Files } from '../ports/files.ts';
import { encode } from './append-text.ts';
import { parseJsonObject } from '../files/json-file.ts';

/** Where a session's log was last seen. */
export interface SessionHint {
  readonly session: string;
  /** Root of the workspace. */
  readonly workspace: string;
  /** Base folder (`projects/<p>/session-logs`) and path of the log, relative to the workspace. */
  readonly base: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A session is not continued after this many days, neither by this memory nor by a look into the folders. */
export const LOOK_BACK_DAYS = 31;
/** Bounds the file. When that many are known the memory may lack some, and folders are looked through. */
export const HINT_LIMIT = 2_000;

/** What saves remember of each other. */
export interface SaveMemory {
  readonly sessions: readonly SessionHint[];
  /** Names of clocks (`PT`) by `zoneKey`: the first use of Intl costs a process 10 ms. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * `state/sessions.json`: a memory that saves work, never the truth (that is the mark in each log). Written under the save lock, so an
 * intact file that is not full is complete: a session it does not know has no log here yet.
 * @returns null when there is none or it cannot be read: then the folders must be looked through
 */
export async function readMemory(files: Files, path: string): Promise<SaveMemory | null> {
  const read = await files.read(path);
  if (!read.ok || read.value === null) return null;
  const parsed = parseJsonObject(read.value, path);
  if (!parsed.ok || parsed.value['schema'] !== 1) return null;
  const { sessions, labels } = parsed.value;
  if (!Array.isArray(sessions) || !sessions.every(isHint)) return null;
  return { sessions, labels: isLabels(labels) ? labels : {} };
}

/** Puts one session first. A failure costs the next save some time and nothing else, so it is not reported. */
export async function remember(
  files: Files,
  path: string,
  known: SaveMemory | null,
  hint: SessionHint,
  labels: SaveMemory['labels'],
): Promise<void> {
  const oldest = hint.at - LOOK_BACK_DAYS * 86_400_000;
  const same = (other: SessionHint): boolean =>
    other.session === hint.session && other.workspace === hint.workspace && other.base === hint.base;
  const others = (known?.sessions ?? []).filter((other) => !same(other) && other.at >= oldest);
  const memory = {
    schema: 1,
    sessions: [hint, ...others].slice(0, HINT_LIMIT),
    labels: { ...known?.labels, ...labels },
  };
  await files.replace(path, encode(`${JSON.stringify(memory)}\n`));
}

function isLabels(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((label) => typeof label === 'string' && /^[A-Z0-9:+-]{2,9}$/.test(label))
  );
}

function isHint(value: unknown): value is SessionHint {
  if (typeof value !== 'object' || value === null) return false;
  const { session, workspace, base, path, at } = value as Record<string, unknown>;
  return [session, workspace, base, path].every((part) => typeof part === 'string') && typeof at === 'number';
}
