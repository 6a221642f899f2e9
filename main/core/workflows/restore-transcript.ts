import { folderOf } from '../capture/copy-place.ts';
import { appError, type Answer } from '../../../shared/app-error.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { copiedFiles, readCopy } from '../capture/copy-record.ts';
import { readKnown, keyOf } from '../capture/known-sessions.ts';
import { monthOnDisk } from '../capture/places-here.ts';
import { restoreCopy, type RestoredFile } from '../capture/restore-copy.ts';
import { withLock } from '../files/with-lock.ts';
import type { Files } from '../ports/files.ts';
import { noSuchSession } from './capture-session.ts';
import type { SweepDeps } from './sweep-sessions.ts';

type RestoreDeps = Pick<SweepDeps, 'sources' | 'files' | 'bytes' | 'locks' | 'logger' | 'paths' | 'copies'>;

/** Other captures finish a session in seconds. */
const LOCK_WAIT_MS = 30_000;

/**
 * Restores a session where its agent looks for it, byte for byte, with the current time. Never overwrites a file.
 * @returns codes `not-found` (no such session, no copy), `precondition` (something else is there), `corrupt`, `lock-held`, `io`,
 * `disk-full`
 */
export async function restoreTranscript(
  deps: RestoreDeps,
  session: SessionKey,
): Answer<readonly RestoredFile[]> {
  const source = deps.sources.find(({ agent }) => agent === session.agent);
  if (source === undefined) return { ok: false, error: noSuchSession(session.id) };
  const folder = await wholeCopy(deps, session, { prove: true });
  if (!folder.ok) return folder;
  const lock = { path: deps.paths.captureLock, command: 'sessions restore', waitMs: LOCK_WAIT_MS };
  return withLock(deps, lock, () => restoreCopy(deps, source, folder.value));
}

/**
 * Completes a session's copy and returns its folder: what is missing here, and with `prove` what is damaged, comes from the agent's file or
 * the store. If the session's state is lost, the copy here or there provides it.
 */
export async function wholeCopy(
  { files, logger, paths, copies }: Pick<RestoreDeps, 'files' | 'logger' | 'paths' | 'copies'>,
  session: SessionKey,
  options: { readonly prove?: boolean } = {},
): Answer<string> {
  const known = (await readKnown(files, paths.captures, logger)).sessions.get(keyOf(session));
  const month = known?.month || (await monthOnDisk(files, paths.transcripts, session));
  const isPresent =
    month !== null &&
    options.prove !== true &&
    (await hasAll(files, folderOf(paths.transcripts, { ...session, month })));
  if (copies !== undefined && !isPresent)
    return mapOk(await copies.fetch({ ...session, month }, options), ({ folder }) => folder);
  if (month !== null) return ok(folderOf(paths.transcripts, { ...session, month }));
  return {
    ok: false,
    error: appError(
      'not-found',
      `There is no copy of the session ${session.id}.`,
      'See which sessions there are: session-log sessions.',
    ),
  };
}

/** Whether every piece of a copy is on this disk: a quick check. */
async function hasAll(files: Files, folder: string): Promise<boolean> {
  const [pieces, names] = [await readCopy(files, folder), await files.names(folder)];
  if (!pieces.ok || !names.ok) return false;
  const present = new Set(names.value);
  const held = copiedFiles(pieces.value);
  return held.length > 0 && held.every((file) => file.pieces.every(({ piece }) => present.has(piece)));
}
