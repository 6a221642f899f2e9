import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { quote, type MachineUuid } from '../../../shared/domain/ids.ts';
import { formatMachineIdentity, type MachineIdentity } from '../../../shared/domain/machine-identity.ts';
import { err, ok } from '../../../shared/result.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { InitReport } from './init-report.ts';
import { keepEvidence, makeIdentity, noticesOf, sight, type Sighted } from './make-identity.ts';
import type { FoundIdentity, Legible } from './read-identity-file.ts';

type Damaged = Extract<FoundIdentity, { readonly kind: 'damaged' }>;

/**
 * Restores a damaged machine-id.json if it can be proved right: from the readable rest (UUID and hash match each other), else from the
 * hardware, recomputed by the same rule. Keeps the damaged bytes beside it first.
 * @returns `corrupt` when nothing proves the UUID: a wrong one would take another machine's partition
 */
export async function repairIdentity(deps: IdentityDeps, found: Damaged): Answer<InitReport> {
  const sighted = await sight(deps, found.legible.salt ?? null);
  const proof = prove(found.legible, sighted);
  if (proof === null) return err(unprovable(deps.paths.machineId, found, sighted));
  const evidence = await keepEvidence(deps, found.bytes);
  if (!evidence.ok) return evidence;
  const fresh = makeIdentity(deps, sighted);
  const { salt, ...plain } = fresh;
  const identity: MachineIdentity = {
    ...(proof.by === 'file' && found.legible.salt === undefined
      ? plain
      : { ...plain, ...(salt === undefined ? {} : { salt }) }),
    machine_uuid: proof.uuid,
    hardware_hash: proof.hash,
    created: found.legible.created ?? fresh.created,
    install_nonce: found.legible.nonce ?? fresh.install_nonce,
  };
  const written = await deps.files.replace(deps.paths.machineId, formatMachineIdentity(identity));
  if (!written.ok) return written;
  return ok({
    identity,
    outcome: 'repaired',
    evidence: evidence.value,
    notices: [
      `machine-id.json was damaged (${found.problem}) and has been restored ${
        proof.by === 'file' ? 'from what it still said' : 'from the hardware'
      }; the damaged file is kept as ${quote(evidence.value)}.`,
      ...(found.legible.nonce === undefined
        ? [
            'Which install it was could not be read, so the next push may take this one for a clone; then `session-log init --adopt ' +
              `${proof.uuid}\` says that it is the same.`,
          ]
        : []),
      ...noticesOf(sighted),
    ],
  });
}

interface Proof {
  readonly uuid: MachineUuid;
  readonly hash: string;
  readonly by: 'file' | 'hardware';
}

function prove(legible: Legible, { derived, facts, salt }: Sighted): Proof | null {
  if (legible.certain && legible.uuid !== undefined && legible.hash !== undefined)
    return { uuid: legible.uuid, hash: legible.hash, by: 'file' };
  const computed: Proof = { uuid: derived.uuid, hash: derived.hash, by: 'hardware' };
  // If UUID and hash do not match, one was altered: the hardware tells which.
  if (legible.uuid !== undefined)
    return legible.uuid === derived.uuid || legible.hash === derived.hash ? computed : null;
  // Nothing readable: the rule reproduces the original, but only from the complete hardware and without chance.
  return facts.problems.length === 0 && salt === null ? computed : null;
}

function unprovable(path: string, found: Damaged, { facts, derived }: Sighted): AppError {
  const legible = found.legible.uuid;
  const why =
    legible === undefined
      ? facts.problems.length > 0
        ? 'a part of the hardware cannot be read'
        : 'the hardware alone does not tell this machine from another'
      : `it says ${legible}, and the hardware gives ${derived.uuid}`;
  return appError(
    'corrupt',
    `The identity of this machine in ${quote(path)} is damaged (${found.problem}) and cannot be restored with certainty: ${why}. It was left as it is.`,
    legible === undefined
      ? 'Run `session-log init --adopt <uuid>` with the UUID that this machine had (`session-log machines` lists them), or `session-log init --new-identity`.'
      : `If this machine was ${legible}, run \`session-log init --adopt ${legible}\`; else \`session-log init --new-identity\`.`,
    { details: { path, legible: legible ?? null, computed: derived.uuid, problems: facts.problems } },
  );
}
