import { capturedAgent } from '../../../shared/domain/captured-log.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { AppError } from '../../../shared/app-error.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { refreshLocal } from './refresh-local.ts';

/** Ids of the sessions of which somebody wrote a log, here or in a workspace of this machine: such a log wins over a captured one. */
export async function writtenSessions(sync: SyncDeps): Promise<Result<ReadonlySet<string>, AppError>> {
  const refreshed = await refreshLocal(sync);
  if (!refreshed.ok) return refreshed;
  const workspaces = await sync.index.workspaces();
  if (!workspaces.ok) return workspaces;
  const ids = new Set<string>();
  for (const machine of [sync.self.uuid, ...workspaces.value]) {
    const entries = await sync.index.entries(machine);
    if (!entries.ok) return entries;
    for (const { path, session, parts } of entries.value) {
      if (capturedAgent(path) !== null) continue;
      if (session !== undefined) ids.add(session);
      for (const part of parts ?? []) ids.add(part.id);
    }
  }
  return ok(ids);
}
