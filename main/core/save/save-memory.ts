import * as v from 'valibot';
import { isObject } from '../../../shared/json.ts';
import { MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { Files } from '../ports/files.ts';

/** Where a session's log was last seen. */
export interface SessionHint {
  readonly session: string;
  /** Root of the workspace. */
  readonly workspace: string;
  /** Base folder (`projects/<p>/session-logs`) and log path, relative to the workspace. */
  readonly base: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A session is not continued after this many days, neither by this memory nor by searching the folders. */
export const LOOK_BACK_DAYS = 31;
/** Limits the file. At that many entries the memory may be incomplete, and folders are searched. */
export const HINT_LIMIT = 2_000;

/** The shared memory of saves. */
export interface SaveMemory {
  readonly sessions: readonly SessionHint[];
  /** Time zone names (`PT`) by `zoneKey`: the first use of Intl costs a process 10 ms. */
  readonly labels: Readonly<Record<string, string>>;
}

const FORMAT = {
  schema: stateObject({
    // Checked by hand: two thousand objects cost valibot 7 ms, and an agent waits for each save.
    sessions: v.custom<readonly SessionHint[]>((value) => Array.isArray(value) && value.every(isHint)),
    labels: v.fallback(v.record(v.string(), v.pipe(v.string(), v.regex(/^[A-Z0-9:+-]{2,9}$/))), {}),
  }),
  maxBytes: 8 * MIB,
};

/**
 * `state/sessions.json`: a memory that saves work, never the truth (that is the mark in each log). Written under the save lock, so an
 * intact file below its limit is complete: a session not in it has no log here yet.
 * @returns null when it is missing or unreadable: then the folders must be searched
 */
export function readMemory(files: Files, path: string): Promise<SaveMemory | null> {
  return recallState(files, path, FORMAT);
}

/** Puts one session first. A failure only costs the next save some time, so it is not reported. */
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
  await writeState(files, path, memory);
}

function isHint(value: unknown): value is SessionHint {
  if (!isObject(value)) return false;
  const { session, workspace, base, path, at } = value;
  return [session, workspace, base, path].every((part) => typeof part === 'string') && typeof at === 'number';
}
