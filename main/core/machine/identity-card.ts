import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { parseMachineIdentity, type MachineIdentity } from '../../../shared/domain/machine-identity.ts';
import { ok } from '../../../shared/result.ts';
import { deriveUuid } from './derive-uuid.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { loadIdentity } from './load-identity.ts';
import { matchComponents, mayBeSameMachine, placeOf, type ComponentMatch } from './match-components.ts';

/** A partition in the store and its record. */
export interface PartitionRecord {
  readonly machine: MachineUuid;
  /** Its parsed `machine-id.json`, not validated. */
  readonly record: unknown;
}

/** A partition that may be this machine's older self. */
export interface AdoptablePartition {
  readonly machine: MachineUuid;
  readonly hostname: string;
  readonly matching: number;
  readonly of: number;
}

/** All displayable facts of this machine's identity. */
export interface IdentityCard {
  readonly identity: MachineIdentity;
  readonly path: string;
  /** Recorded hardware against present. */
  readonly match: ComponentMatch;
  /** `elsewhere`: the data folder seems to come from another machine; see {@link placeOf}. */
  readonly place: 'same' | 'changed' | 'elsewhere';
  /** The present host name if it differs from the recorded one, else null. */
  readonly hostnameNow: string | null;
  /** Unreadable parts of the hardware. */
  readonly problems: readonly string[];
  /** Partitions of the store whose hardware matches, best first. */
  readonly adoptable: readonly AdoptablePartition[];
}

/**
 * Builds the identity card: this machine, which parts of its hardware are as recorded, its lineage, and which older partitions may be its
 * own.
 * @param partitions the store's records; empty when the store was not asked
 */
export async function identityCard(
  deps: Pick<IdentityDeps, 'files' | 'probe' | 'bytes' | 'paths'>,
  partitions: readonly PartitionRecord[] = [],
): Answer<IdentityCard> {
  const loaded = await loadIdentity(deps.files, deps.paths.machineId);
  if (!loaded.ok) return loaded;
  const identity = loaded.value;
  const facts = await deps.probe.probe();
  const present = deriveUuid(facts.parts, deps.bytes).components;
  return ok({
    identity,
    path: deps.paths.machineId,
    match: matchComponents(identity.components, present),
    place: placeOf(identity.components, present),
    hostnameNow: facts.hostname === identity.hostname ? null : facts.hostname,
    problems: facts.problems,
    adoptable: adoptablePartitions(present, partitions, identity),
  });
}

/**
 * Finds partitions that may be this machine's older selves, best match first. Never its own, and never one it has given up.
 * @param present components of the present hardware
 */
export function adoptablePartitions(
  present: Readonly<Record<string, string>>,
  partitions: readonly PartitionRecord[],
  identity: MachineIdentity | null,
): readonly AdoptablePartition[] {
  const ours = new Set<string>([
    ...(identity === null ? [] : [identity.machine_uuid]),
    ...(identity?.previous ?? []).map(({ machine_uuid }) => machine_uuid),
  ]);
  return partitions
    .flatMap(({ machine, record }): AdoptablePartition[] => {
      const parsed = parseMachineIdentity(record);
      if (!parsed.ok || ours.has(machine) || parsed.value.machine_uuid !== machine) return [];
      const match = matchComponents(parsed.value.components, present);
      if (!mayBeSameMachine(match)) return [];
      return [{ machine, hostname: parsed.value.hostname, matching: match.matching, of: match.of }];
    })
    .sort((a, b) => b.matching / b.of - a.matching / a.of || (a.machine < b.machine ? -1 : 1));
}
