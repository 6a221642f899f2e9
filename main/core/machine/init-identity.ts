import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import {
  formatMachineIdentity,
  IDENTITY_SCHEMA,
  type MachineIdentity,
} from '../../../shared/domain/machine-identity.ts';
import { err, ok } from '../../../shared/result.ts';
import { adoptIdentity } from './adopt-identity.ts';
import { whileNoSyncRuns, type IdentityDeps } from './identity-deps.ts';
import { newerSchema, type InitReport } from './init-report.ts';
import { keepEvidence, makeIdentity, noticesOf, sight } from './make-identity.ts';
import { repairIdentity } from './repair-identity.ts';
import { readIdentityFile, type FoundIdentity } from './read-identity-file.ts';

/** A person's request. */
export type InitRequest =
  | { readonly mode: 'ensure' }
  | { readonly mode: 'new-identity' }
  /** Like `new-identity`, for another account of one computer: the same UUID on each request by this account. */
  | { readonly mode: 'account' }
  | {
      readonly mode: 'adopt';
      readonly adopt: MachineUuid;
      /** That partition's `machine-id.json` in the store, parsed; null when absent or not asked for. */
      readonly claim: unknown;
    };

/**
 * Ensures that this machine has an identity, or changes it on request. `ensure` is a single read if all is well, so every command may begin
 * with it. A failed probe never changes an existing identity.
 * @returns `corrupt` when a damaged file cannot be restored with certainty, `lock-held` while a sync runs, or the disk's error
 */
export async function initIdentity(deps: IdentityDeps, request: InitRequest): Answer<InitReport> {
  if (request.mode === 'adopt')
    return whileNoSyncRuns(deps, () => adoptIdentity(deps, request.adopt, request.claim));
  if (request.mode === 'new-identity')
    return whileNoSyncRuns(deps, () => splitIdentity(deps, deps.random.hex(8)));
  if (request.mode === 'account') return whileNoSyncRuns(deps, () => splitIdentity(deps, accountSalt(deps)));
  const found = await readIdentityFile(deps.files, deps.paths.machineId);
  if (!found.ok) return found;
  if (found.value.kind === 'absent') return createIdentity(deps);
  const whole = wholeIdentity(found.value);
  return whole ? ok(kept(whole)) : whileNoSyncRuns(deps, () => repair(deps));
}

/** Two first runs at once: the file is created exclusively, and the second run uses it. */
async function createIdentity(deps: IdentityDeps): Answer<InitReport> {
  const sighted = await sight(deps);
  const identity = makeIdentity(deps, sighted);
  const made = await deps.files.create(deps.paths.machineId, formatMachineIdentity(identity));
  if (!made.ok) return made;
  if (made.value === 'created')
    return ok({ identity, outcome: 'created', notices: noticesOf(sighted), evidence: null });
  const theirs = await readIdentityFile(deps.files, deps.paths.machineId);
  if (!theirs.ok) return theirs;
  const whole = wholeIdentity(theirs.value);
  return whole ? ok(kept(whole)) : whileNoSyncRuns(deps, () => repair(deps));
}

/** Completes or repairs the identity; under the lock, and so after another look. */
async function repair(deps: IdentityDeps): Answer<InitReport> {
  const found = await readIdentityFile(deps.files, deps.paths.machineId);
  if (!found.ok) return found;
  if (found.value.kind === 'absent') return createIdentity(deps);
  if (found.value.kind === 'damaged') return repairIdentity(deps, found.value);
  const whole = wholeIdentity(found.value);
  if (whole) return ok(kept(whole));
  const sighted = await sight(deps);
  const identity: MachineIdentity = {
    ...found.value.identity,
    schema: IDENTITY_SCHEMA,
    components: sighted.derived.components,
    install_nonce: found.value.identity.install_nonce || deps.random.hex(16),
  };
  const written = await deps.files.replace(deps.paths.machineId, formatMachineIdentity(identity));
  if (!written.ok) return written;
  return ok({ identity, outcome: 'completed', notices: noticesOf(sighted, { split: true }), evidence: null });
}

/** Not random: an account set up again finds its logs under the same UUID. */
function accountSalt({ bytes, account }: IdentityDeps): string {
  return bytes.sha256(new TextEncoder().encode(`account:${account}`)).slice(0, 16);
}

/** Resolves a clone alarm: a new UUID by a salt, with the old one in the lineage. */
async function splitIdentity(deps: IdentityDeps, salt: string): Answer<InitReport> {
  const found = await readIdentityFile(deps.files, deps.paths.machineId);
  if (!found.ok) return found;
  const older = found.value.kind === 'present' ? found.value.identity : null;
  if (older !== null && older.schema > IDENTITY_SCHEMA) return err(newerSchema(deps.paths.machineId));
  const oldUuid =
    found.value.kind === 'damaged' ? found.value.legible.uuid : (older?.machine_uuid ?? undefined);
  const evidence = found.value.kind === 'damaged' ? await keepEvidence(deps, found.value.bytes) : ok(null);
  if (!evidence.ok) return evidence;
  const sighted = await sight(deps, salt);
  const fresh = makeIdentity(deps, sighted);
  const until = fresh.created;
  const reason = 'a new identity was asked for';
  if (older?.salt === salt) return ok(kept(older));
  const identity: MachineIdentity = {
    ...older,
    ...fresh,
    previous: [
      ...(older?.previous ?? []),
      ...(oldUuid === undefined ? [] : [{ machine_uuid: oldUuid, until, reason }]),
    ],
  };
  const written = await deps.files.replace(deps.paths.machineId, formatMachineIdentity(identity));
  if (!written.ok) return written;
  return ok({
    identity,
    outcome: 'split',
    notices: noticesOf(sighted, { split: true }),
    evidence: evidence.value,
  });
}

/** The identity, unless it is absent, damaged, or lacks our keys. */
function wholeIdentity(found: FoundIdentity): MachineIdentity | null {
  if (found.kind !== 'present') return null;
  return found.identity.install_nonce !== '' && found.identity.schema >= 1 ? found.identity : null;
}

function kept(identity: MachineIdentity): InitReport {
  return { identity, outcome: 'kept', notices: [], evidence: null };
}
