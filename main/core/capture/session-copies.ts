import type { Answer } from '../../../shared/app-error.ts';
import { withLock } from '../files/with-lock.ts';
import type { Locks } from '../ports/lock.ts';
import type { SessionCopies } from '../sync/session-copies.ts';
import { checkCopies } from './check-copies.ts';
import { dropCopies } from './drop-copies.ts';
import { fetchCopy } from './fetch-copy.ts';
import { pushCopies, type StoredCopiesDeps } from './push-copies.ts';
import { recountCopies } from './recount-copies.ts';
import { restoreCopies } from './restore-copies.ts';

export type SessionCopiesDeps = StoredCopiesDeps & {
  readonly locks: Locks;
  readonly paths: { readonly captures: string; readonly captureLock: string };
};

/** Other captures finish a session in seconds. */
const LOCK_WAIT_MS = 30_000;

/** The safe copies of this machine's sessions, here and in the store. */
export function createSessionCopies(deps: SessionCopiesDeps): SessionCopies {
  const alone = <T>(command: string, run: () => Answer<T>): Answer<T> =>
    withLock(deps, { path: deps.paths.captureLock, command, waitMs: LOCK_WAIT_MS }, run);
  return {
    push: (options, claim) => pushCopies(deps, options, claim),
    fetch: (session, options) =>
      alone('sessions restore', async () => {
        const fetched = await fetchCopy(deps, session, options);
        if (!fetched.ok || fetched.value.pieces.length === 0) return fetched;
        const counted = await recountCopies(deps);
        return counted.ok ? fetched : counted;
      }),
    check: (options) =>
      options.repair ? alone('full sync', () => checkCopies(deps, options)) : checkCopies(deps, options),
    drop: (sessions, excess, options) => dropCopies(deps, sessions, excess, options),
    restore: (options) => {
      if (options.dryRun) return restoreCopies(deps, options);
      return alone('restore', async () => {
        const restored = await restoreCopies(deps, options);
        const counted = await recountCopies(deps);
        return counted.ok ? restored : counted;
      });
    },
  };
}
