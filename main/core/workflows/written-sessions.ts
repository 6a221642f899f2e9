import { capturedAgent } from '../../../shared/domain/captured-log.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import type { Answer } from '../../../shared/app-error.ts';
import { addTo } from '../../../shared/group-by.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { refreshLocal } from './refresh-local.ts';

/** Returns ids of sessions with a written log, here or in this machine's workspaces: it takes precedence over a captured one. */
export async function writtenSessions(sync: SyncDeps): Answer<ReadonlySet<string>> {
  return mapOk(await logsOfSessions(sync), (logs) => {
    const written = [...logs].filter(([, paths]) => paths.some((path) => capturedAgent(path) === null));
    return new Set(written.map(([id]) => id));
  });
}

/** Returns the logs of each session, written and captured, here and in this machine's workspaces. */
export async function logsOfSessions(
  sync: Omit<SyncDeps, 'copies'>,
): Answer<ReadonlyMap<string, readonly LogPath[]>> {
  const refreshed = await refreshLocal(sync);
  if (!refreshed.ok) return refreshed;
  const workspaces = await sync.index.workspaces();
  if (!workspaces.ok) return workspaces;
  const logs = new Map<string, LogPath[]>();
  for (const machine of [sync.self.uuid, ...workspaces.value]) {
    const entries = await sync.index.entries(machine);
    if (!entries.ok) return entries;
    for (const { path, session, parts } of entries.value)
      for (const id of new Set([
        ...(session === undefined ? [] : [session]),
        ...(parts ?? []).map((part) => part.id),
      ]))
        addTo(logs, id, path);
  }
  return ok(logs);
}
