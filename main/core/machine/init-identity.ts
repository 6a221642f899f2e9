import type { AppError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import {
  formatMachineIdentity,
  IDENTITY_SCHEMA,
  type MachineIdentity,
} from '../../../shared/domain/machine-identity.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { adoptIdentity } from './adopt-identity.ts';
import { whileNoSyncRuns, type IdentityDeps } from './identity-deps.ts';
import { newerSchema, type InitReport } from './init-report.ts';
import { keepEvidence, makeIdentity, noticesOf, sight } from './make-identity.ts';
import { repairIdentity } from './repair-identity.ts';
import { readIdentityFile, type FoundIdentity } from './read-identity-file.ts';

/** What a person asks for. */
export type InitRequest =
  | { readonly mode: 'ensure' }
  | { readonly mode: 'new-identity' }
  /** As `new-identity`, for a further account of one computer: the same UUID each time that this account asks. */
  | { readonly mode: 'account' }
  | {
      readonly mode: 'adopt';
      readonly adopt: MachineUuid;
      /** The `machine-id.json` of that partition in the store, parsed; null when there is none or it could not be asked for. */
      readonly claim: unknown;
    };

/**
 * Makes sure that this machine has an identity, or gives it another on request. `ensure` is one read when all is well, so every
 * command may begin with it. A probe that fails never changes an identity that is there.
 * @returns `corrupt` when a damaged file cannot be restored with certainty, `lock-held` while a sync runs, or what the disk says
 */
export async function initIdentity(
  deps: IdentityDeps,
  request: InitRequest,
): Promise<Result<InitReport, AppError>> {
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

/** Two first runs at once: the file is made exclusively, and whoever comes second takes what is there. */
async function createIdentity(deps: IdentityDeps): Promise<Result<InitReport, AppError>> {
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

/** Completes or repairs what is there; under the lock, and so after one more look. */
async function repair(deps: IdentityDeps): Promise<Result<InitReport, AppError>> {
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

/** Not chance: whoever sets the account up again finds its logs under the same UUID. */
function accountSalt({ bytes, account }: IdentityDeps): string {
  return bytes.sha256(new TextEncoder().encode(`account:${account}`)).slice(0, 16);
}

/** The answer to a clone alarm: a UUID of its own by a salt, with the old one in the lineage. */
async function splitIdentity(deps: IdentityDeps, salt: string): Promise<Result<InitReport, AppError>> {
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

/** The identity, unless it is absent, damaged, or not completed with our keys yet. */
function wholeIdentity(found: FoundIdentity): MachineIdentity | null {
  if (found.kind !== 'present') return null;
  return found.identity.install_nonce !== '' && found.identity.schema >= 1 ? found.identity : null;
}

function kept(identity: MachineIdentity): InitReport {
  return { identity, outcome: 'kept', notices: [], evidence: null };
}
