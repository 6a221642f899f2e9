import type { SessionCopies } from '../sync/session-copies.ts';
import { pushCopies, type StoredCopiesDeps } from './push-copies.ts';

/** The safe copies of this machine's sessions, and what of them the store has. */
export function createSessionCopies(deps: StoredCopiesDeps): SessionCopies {
  return {
    push: (options, claim) => pushCopies(deps, options, claim),
  };
}
