import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import {
  formatMachineIdentity,
  IDENTITY_SCHEMA,
  parseMachineIdentity,
  uuidOfHash,
  type MachineIdentity,
  type PreviousIdentity,
} from '../../../shared/domain/machine-identity.ts';
import { err, ok } from '../../../shared/result.ts';
import { DAMAGED_CLAIM } from './claim.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { newerSchema, type InitReport } from './init-report.ts';
import { keepEvidence, makeIdentity, noticesOf, sight } from './make-identity.ts';
import { readIdentityFile } from './read-identity-file.ts';

/**
 * Takes over an older machine: after changed hardware, a reinstall, or a lost machine-id.json. The install that held the partition is named
 * in `succeeds`, so that our claim may replace its claim; if it still lives, it gets the alarm.
 * @param claim the partition's record in the store, parsed; null when absent or not asked for
 */
export async function adoptIdentity(
  deps: IdentityDeps,
  adopt: MachineUuid,
  claim: unknown,
): Answer<InitReport> {
  const record = claim === null ? null : parseMachineIdentity(claim);
  if (record?.ok && record.value.machine_uuid !== adopt)
    return err(wrongRecord(adopt, record.value.machine_uuid));
  const found = await readIdentityFile(deps.files, deps.paths.machineId);
  if (!found.ok) return found;
  const older = found.value.kind === 'present' ? found.value.identity : null;
  if (older !== null && older.schema > IDENTITY_SCHEMA) return err(newerSchema(deps.paths.machineId));
  const evidence = found.value.kind === 'damaged' ? await keepEvidence(deps, found.value.bytes) : ok(null);
  if (!evidence.ok) return evidence;

  const sighted = await sight(deps);
  const fresh = makeIdentity(deps, sighted);
  const theirs = record?.ok ? record.value : null;
  const same = older?.machine_uuid === adopt ? older : null;
  const hash = theirs?.hardware_hash ?? same?.hardware_hash ?? fresh.hardware_hash;
  const { salt: _own, ...plain } = { ...older, ...fresh };
  const salt = theirs?.salt ?? same?.salt;
  const identity: MachineIdentity = {
    ...plain,
    ...(salt === undefined ? {} : { salt }),
    machine_uuid: adopt,
    hardware_hash: hash,
    created: older?.created ?? fresh.created,
    install_nonce: older === null || older.install_nonce === '' ? fresh.install_nonce : older.install_nonce,
    succeeds: successions(older, theirs?.install_nonce ?? (record === null ? null : DAMAGED_CLAIM)),
    previous: lineage({ adopt, older, theirs, hash, until: fresh.created }),
  };
  const written = await deps.files.replace(deps.paths.machineId, formatMachineIdentity(identity));
  if (!written.ok) return written;
  return ok({
    identity,
    outcome: 'adopted',
    evidence: evidence.value,
    notices: [
      ...(record === null
        ? [
            'The store had no record of that machine, or could not be asked; if the next push raises a clone alarm, adopt once more.',
          ]
        : []),
      ...noticesOf(sighted, { split: true }),
    ],
  });
}

function successions(older: MachineIdentity | null, nonce: string | null): readonly string[] {
  const before = older?.succeeds ?? [];
  if (nonce === null || nonce === older?.install_nonce) return before;
  return [...new Set([...before, nonce])];
}

interface Lineage {
  readonly adopt: MachineUuid;
  readonly older: MachineIdentity | null;
  readonly theirs: MachineIdentity | null;
  readonly hash: string;
  readonly until: string;
}

/** Every UUID that led here, each once, and the one the hash stands for if different. */
function lineage({ adopt, older, theirs, hash, until }: Lineage): readonly PreviousIdentity[] {
  const all: PreviousIdentity[] = [...(theirs?.previous ?? []), ...(older?.previous ?? [])];
  if (older !== null) all.push({ machine_uuid: older.machine_uuid, until, reason: `adopted ${adopt}` });
  const computed = uuidOfHash(hash);
  if (computed !== adopt)
    all.push({
      machine_uuid: computed,
      until,
      reason: `computed from the hardware when ${adopt} was adopted`,
    });
  const seen = new Set<string>([adopt]);
  return all.filter(({ machine_uuid }) => {
    if (seen.has(machine_uuid)) return false;
    seen.add(machine_uuid);
    return true;
  });
}

function wrongRecord(adopt: MachineUuid, named: MachineUuid): AppError {
  return appError(
    'corrupt',
    `The store's record of ${adopt} names another machine, ${named}. Nothing was changed.`,
    'Look at that partition with `session-log doctor`; somebody has copied a record by hand.',
    { details: { adopt, named } },
  );
}
