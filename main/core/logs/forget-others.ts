import type { AppError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { LogIndex } from '../ports/log-index.ts';

/**
 * Takes the other machines' rows out of the index: they belong to a store or a tenant that is no longer the one in use, and nothing
 * crosses tenants. What was pulled stays in the cache; it is listed again when its index is.
 */
export async function forgetOthers(index: LogIndex, own: MachineUuid): Promise<Result<void, AppError>> {
  const machines = await index.machines();
  if (!machines.ok) return machines;
  for (const { machine } of machines.value) {
    if (machine === own) continue;
    const dropped = await index.dropShard(machine);
    if (!dropped.ok) return dropped;
  }
  return ok(undefined);
}
