import { appError, type AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { folderOf } from '../capture/copies-here.ts';
import { readKnown, keyOf } from '../capture/known-sessions.ts';
import { restoreCopy, type RestoredFile } from '../capture/restore-copy.ts';
import { inFolder } from '../files/folder-path.ts';
import { withLock } from '../files/with-lock.ts';
import type { Files } from '../ports/files.ts';
import { noSuchSession } from './capture-session.ts';
import type { SweepDeps } from './sweep-sessions.ts';

type RestoreDeps = Pick<SweepDeps, 'sources' | 'files' | 'bytes' | 'locks' | 'logger' | 'paths'>;

/** Another capture finishes a session in seconds. */
const LOCK_WAIT_MS = 30_000;

/**
 * Puts a session back where its agent looks for it, byte for byte and with the time of now. A file that is there is never written over.
 * @returns codes `not-found` (no such session, no copy), `precondition` (something else is there), `corrupt`, `lock-held`, `io`, `disk-full`
 */
export async function restoreTranscript(
  deps: RestoreDeps,
  session: SessionKey,
): Promise<Result<readonly RestoredFile[], AppError>> {
  const source = deps.sources.find(({ agent }) => agent === session.agent);
  if (source === undefined) return { ok: false, error: noSuchSession(session.id) };
  const folder = await findCopy(deps, session);
  if (!folder.ok) return folder;
  const lock = { path: deps.paths.captureLock, command: 'sessions restore', waitMs: LOCK_WAIT_MS };
  return withLock(deps, lock, () => restoreCopy(deps, source, folder.value));
}

/** The folder of a session's copy; what is known of it may be lost, the copy says it itself. */
export async function findCopy(
  { files, logger, paths }: Pick<RestoreDeps, 'files' | 'logger' | 'paths'>,
  session: SessionKey,
): Promise<Result<string, AppError>> {
  const known = (await readKnown(files, paths.captures, logger)).sessions.get(keyOf(session));
  const month = known?.month || (await monthOnDisk(files, paths.transcripts, session));
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

async function monthOnDisk(
  files: Files,
  transcripts: string,
  { agent, id }: SessionKey,
): Promise<string | null> {
  const months = await files.names(inFolder(transcripts, agent));
  for (const month of months.ok ? months.value : []) {
    if (!/^\d{4}-\d{2}$/.test(month)) continue;
    const facts = await files.stat(folderOf(transcripts, { agent, month, id }));
    if (facts.ok && facts.value !== null) return month;
  }
  return null;
}
