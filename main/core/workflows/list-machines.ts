import type { Answer } from '../../../shared/app-error.ts';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import { saveMachineSummary } from '../status/machine-summary.ts';
import { refreshLocal } from './refresh-local.ts';
import type { StoreBase } from './store-base.ts';

/** Lists every machine of the index, this one as its disk is now. Updates the summary that `status` reads. */
export async function listMachines({
  sync,
  paths,
}: Pick<StoreBase, 'sync' | 'paths'>): Answer<readonly MachineRow[]> {
  const fresh = await refreshLocal(sync);
  if (!fresh.ok) return fresh;
  await saveMachineSummary(sync.files, sync.index, paths);
  return sync.index.machines();
}
