import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { SearchDeps } from '../search/search-deps.ts';
import { sweepTexts } from '../search/sweep.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import type { WorkspaceNotice } from '../workspaces/refresh-workspaces.ts';
import { refreshLocal } from './refresh-local.ts';

/** Milliseconds that a command reads in what changed before it answers. */
const CATCH_UP_MS = 1_500;

export interface CaughtUp {
  /** Logs of this disk that are not read in yet. */
  readonly waiting: number;
  readonly notices: readonly WorkspaceNotice[];
}

/** Brings index and full text up to this disk before something is listed from them, for a moment and no longer. */
export async function catchUpTexts(
  sync: SyncDeps,
  search: SearchDeps,
  signal: AbortSignal,
): Promise<Result<CaughtUp, AppError>> {
  const notices = await refreshLocal(sync);
  if (!notices.ok) return notices;
  const swept = await sweepTexts(search, { signal, withinMs: CATCH_UP_MS });
  return swept.ok ? ok({ waiting: swept.value.waiting, notices: notices.value }) : swept;
}
