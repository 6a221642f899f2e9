import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import type { LogIndex } from '../ports/log-index.ts';

/**
 * Removes other machines' rows from the index: they belong to a store or a tenant no longer in use, and nothing crosses tenants. Pulled
 * logs stay in the cache; they are listed again with their index.
 */
export async function forgetOthers(index: LogIndex, own: MachineUuid): Answer<void> {
  const machines = await index.machines();
  if (!machines.ok) return machines;
  for (const { machine } of machines.value) {
    if (machine === own) continue;
    const dropped = await index.dropShard(machine);
    if (!dropped.ok) return dropped;
  }
  return ok(undefined);
}
