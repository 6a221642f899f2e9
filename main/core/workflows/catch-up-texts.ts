import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { SearchDeps } from '../search/search-deps.ts';
import { sweepTexts } from '../search/sweep.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import type { WorkspaceNotice } from '../workspaces/refresh-workspaces.ts';
import { refreshLocal } from './refresh-local.ts';

/** Milliseconds a command spends indexing changes before it answers. */
const CATCH_UP_MS = 1_500;

export interface CaughtUp {
  /** Logs of this disk not indexed yet. */
  readonly waiting: number;
  readonly notices: readonly WorkspaceNotice[];
}

/** Updates index and full text from this disk before a listing, for a bounded time. */
export async function catchUpTexts(
  sync: SyncDeps,
  search: SearchDeps,
  signal: AbortSignal,
): Answer<CaughtUp> {
  const notices = await refreshLocal(sync);
  if (!notices.ok) return notices;
  const swept = await sweepTexts(search, { signal, withinMs: CATCH_UP_MS });
  return swept.ok ? ok({ waiting: swept.value.waiting, notices: notices.value }) : swept;
}
