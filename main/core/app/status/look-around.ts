import type { AppError } from '../../../../shared/app-error.ts';
import { ok, type Result } from '../../../../shared/result.ts';
import { status } from '../../status/status.ts';
import type { AppCore } from '../app-core.ts';
import type { LocalFacts } from './status-board.ts';

/** Looks at this disk: what waits, what the index last held, how the last syncs ended. No network, no database, no log is read. */
export async function lookAround(core: AppCore): Promise<Result<LocalFacts, AppError>> {
  const found = await status(core.sync, core.settings, core.statusPaths);
  if (!found.ok) return found;
  const { local, machines, store, queued } = found.value;
  return ok({
    pending: { logs: local.unsynced, bytes: local.unsyncedBytes, hooks: queued },
    machines: machines ?? [],
    logs: local.logs,
    journal: store.journal,
  });
}
