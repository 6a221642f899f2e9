import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { rowsPrint } from '../files/state-rows.ts';
import { withLock } from '../files/with-lock.ts';
import { writeRows } from '../files/write-rows.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Locks } from '../ports/lock.ts';
import type { Logger } from '../ports/logger.ts';
import { readKnown, ROWS, type KnownSession, type KnownSessions } from './known-sessions.ts';

/** Replaces the known state; the caller holds the capture lock. */
export function writeKnown(files: Files, path: string, { sessions, lookedAt }: KnownSessions): Answer<void> {
  return writeRows(files, path, { schema: 1, lookedAt }, ROWS.list, sessions.values());
}

export interface RememberDeps {
  readonly files: Files;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly paths: { readonly captures: string; readonly captureLock: string };
}

/** A running capture knows more than we do, and writes it itself. @param before the file when we read it */
export async function remember(
  deps: RememberDeps,
  sessions: ReadonlyMap<string, KnownSession>,
  before: string,
  now: number,
): Promise<void> {
  const lock = { path: deps.paths.captureLock, command: 'sessions', waitMs: 0 };
  await withLock(deps, lock, async () => {
    const merged = new Map(sessions);
    const print = await rowsPrint(deps.files, deps.paths.captures);
    // A capture's writes since then take precedence over ours.
    if (before === '' || !print.ok || print.value !== before) {
      const present = await readKnown(deps.files, deps.paths.captures, deps.logger);
      for (const [key, one] of present.sessions)
        if (one.copyPrint !== merged.get(key)?.copyPrint) merged.set(key, one);
    }
    await writeKnown(deps.files, deps.paths.captures, { sessions: merged, lookedAt: now });
    return ok(undefined);
  });
}
