import type { Files } from '../ports/files.ts';
import { encode } from './append-text.ts';
import { parseJsonObject } from './json-file.ts';

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

/**
 * `state/sessions.json`: a memory that saves looking through folders, never the truth (that is the mark in the log itself). Written under the save
 * lock, so an intact file that is not full is complete: a session it does not know has no log here yet.
 * @returns null when there is none or it cannot be read: then the folders must be looked through
 */
export async function readHints(files: Files, path: string): Promise<readonly SessionHint[] | null> {
  const read = await files.read(path);
  if (!read.ok || read.value === null) return null;
  const parsed = parseJsonObject(read.value, path);
  if (!parsed.ok || parsed.value['schema'] !== 1 || !Array.isArray(parsed.value['sessions'])) return null;
  const hints = parsed.value['sessions'] as readonly unknown[];
  return hints.every(isHint) ? hints : null;
}

/** Puts one session first. A failure costs the next save a look through the folders and nothing else, so it is not reported. */
export async function rememberHint(
  files: Files,
  path: string,
  known: readonly SessionHint[] | null,
  hint: SessionHint,
): Promise<void> {
  const others = (known ?? []).filter(
    (other) =>
      other.session !== hint.session || other.workspace !== hint.workspace || other.base !== hint.base,
  );
  const oldest = hint.at - LOOK_BACK_DAYS * 86_400_000;
  const sessions = [hint, ...others.filter((other) => other.at >= oldest)].slice(0, HINT_LIMIT);
  await files.replace(path, encode(`${JSON.stringify({ schema: 1, sessions })}\n`));
}

function isHint(value: unknown): value is SessionHint {
  if (typeof value !== 'object' || value === null) return false;
  const { session, workspace, base, path, at } = value as Record<string, unknown>;
  return [session, workspace, base, path].every((part) => typeof part === 'string') && typeof at === 'number';
}
