import { parseMachineIdentity, type MachineIdentity } from '../../../shared/domain/machine-identity.ts';

/**
 * What a partition's `machine-id.json` means for us: `first`: nobody claimed it; `ours`: this install did; `outdated`: this install did,
 * but its record has changed since; `adopted`: an install did that a person told this one to replace; `clone`: another install writes
 * there; `damaged`: the record is unreadable, so nobody can tell.
 */
export type ClaimVerdict =
  | { readonly kind: 'first' | 'ours' | 'outdated' | 'adopted' }
  | {
      readonly kind: 'clone';
      readonly hostname: string;
      readonly model: string;
      readonly sameHardware: boolean;
    }
  | { readonly kind: 'damaged'; readonly problem: string };

/** Used in `succeeds` for the writer of an unreadable record. */
export const DAMAGED_CLAIM = 'damaged';

/**
 * Decides whether this install may write a partition. `first`, `outdated` and `adopted` mean: write our record there, on the generation
 * just read, and go on. `clone` and `damaged` mean: write nothing.
 * @param local our identity
 * @param remote the record in the store, parsed; null when there is none, undefined when it is not JSON
 */
export function checkClaim(local: MachineIdentity, remote: unknown): ClaimVerdict {
  if (remote === null) return { kind: 'first' };
  const parsed = parseMachineIdentity(remote);
  if (!parsed.ok)
    return local.succeeds.includes(DAMAGED_CLAIM)
      ? { kind: 'adopted' }
      : { kind: 'damaged', problem: parsed.error };
  const claim = parsed.value;
  if (claim.machine_uuid !== local.machine_uuid)
    return { kind: 'damaged', problem: `it names the machine ${claim.machine_uuid}` };
  const sameHardware = claim.hardware_hash === local.hardware_hash;
  // ADR-058's own script writes no nonce. Its record belongs to the machine it names, and we complete it.
  if (claim.install_nonce === '' && sameHardware) return { kind: 'outdated' };
  if (claim.install_nonce !== '' && claim.install_nonce === local.install_nonce)
    return { kind: sameRecord(claim, local) ? 'ours' : 'outdated' };
  if (local.succeeds.includes(claim.install_nonce)) return { kind: 'adopted' };
  return { kind: 'clone', hostname: claim.hostname, model: claim.model, sameHardware };
}

function sameRecord(a: MachineIdentity, b: MachineIdentity): boolean {
  return canonical(a) === canonical(b);
}

/** JSON with keys sorted at every depth. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

/**
 * Which request sets this data folder apart from another one on the same computer: the account's own UUID first. If it has that already (or
 * another salt), the other data folder has it too, because a second folder of one account derives the same, and only a random one helps.
 */
export function apartRequest(identity: MachineIdentity | null): 'account' | 'new-identity' {
  return identity?.salt === undefined ? 'account' : 'new-identity';
}
