import type { Answer } from '../../../shared/app-error.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { ok } from '../../../shared/result.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { keepDeleted, type DeletedLog } from './deleted-logs-file.ts';
import type { WorkspaceRoot } from './workspace-roots.ts';

const GENERATION = 'workspace';

/** Sets a workspace's rows, and stores which of them git has deleted. */
export async function putWorkspaceRows(
  deps: Pick<SyncDeps, 'files' | 'logger' | 'paths' | 'index' | 'clock'>,
  { machine, name, root }: WorkspaceRoot,
  entries: readonly LogEntry[],
): Answer<void> {
  const put = await deps.index.putShard(
    {
      kind: 'workspace',
      machine,
      host: name,
      updated: deps.clock.now(),
      generation: GENERATION,
      segments: [],
      receipts: [],
    },
    entries,
    [],
  );
  if (!put.ok) return put;
  const kept = await keepDeleted(deps, root, entries.flatMap(deletedLog));
  // The rows are valid without it; only a rebuilt index would not know of them.
  if (!kept.ok) deps.logger.warn('logs that git has deleted are not remembered', { code: kept.error.code });
  return ok(undefined);
}

function deletedLog({ path, commit, mtime }: LogEntry): readonly DeletedLog[] {
  return commit === undefined ? [] : [{ path, commit, mtime }];
}
