import type { Answer } from '../../../shared/app-error.ts';
import {
  formatMachineIdentity,
  IDENTITY_SCHEMA,
  type MachineIdentity,
} from '../../../shared/domain/machine-identity.ts';
import { err, ok } from '../../../shared/result.ts';
import { whileNoSyncRuns, type IdentityDeps } from './identity-deps.ts';
import { newerSchema } from './init-report.ts';
import { loadIdentity } from './load-identity.ts';
import { sight } from './make-identity.ts';

/**
 * Writes the present host name, system and hardware into the identity; the UUID stays. For a renamed host, a replaced part, and "this data
 * folder was moved to a new machine, and the old one is gone".
 */
export async function acceptMachineFacts(deps: IdentityDeps): Answer<MachineIdentity> {
  return whileNoSyncRuns(deps, async () => {
    const loaded = await loadIdentity(deps.files, deps.paths.machineId);
    if (!loaded.ok) return loaded;
    const older = loaded.value;
    if (older.schema > IDENTITY_SCHEMA) return err(newerSchema(deps.paths.machineId));
    const { facts, derived } = await sight(deps);
    const identity: MachineIdentity = {
      ...older,
      schema: IDENTITY_SCHEMA,
      hostname: facts.hostname,
      platform: facts.platform,
      platform_version: facts.platformVersion,
      model: facts.model === '' ? older.model : facts.model,
      // An unreadable part is not a missing part.
      components:
        facts.problems.length > 0 ? { ...older.components, ...derived.components } : derived.components,
      install_nonce: older.install_nonce === '' ? deps.random.hex(16) : older.install_nonce,
    };
    const written = await deps.files.replace(deps.paths.machineId, formatMachineIdentity(identity));
    return written.ok ? ok(identity) : written;
  });
}
