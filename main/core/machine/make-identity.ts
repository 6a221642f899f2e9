import type { AppError, Answer } from '../../../shared/app-error.ts';
import { IDENTITY_SCHEMA, type MachineIdentity } from '../../../shared/domain/machine-identity.ts';
import { err, ok } from '../../../shared/result.ts';
import type { MachineFacts } from '../ports/machine-probe.ts';
import { sameBytes } from '../files/change-file.ts';
import { deriveUuid, isUniquePart, type DerivedIdentity } from './derive-uuid.ts';
import type { IdentityDeps } from './identity-deps.ts';

/** The present hardware and its derived identity. */
export interface Sighted {
  readonly facts: MachineFacts;
  readonly derived: DerivedIdentity;
  /** Set when the hardware has nothing unique to one machine: then chance decides, once. */
  readonly salt: string | null;
}

/** Probes the hardware; again when a probe failed, because some commands fail only while the system starts. */
export async function sight(deps: IdentityDeps, salt: string | null = null): Promise<Sighted> {
  let facts = await deps.probe.probe();
  if (facts.problems.length > 0) {
    const again = await deps.probe.probe();
    if (again.parts.length >= facts.parts.length) facts = again;
  }
  const tellsApart = facts.parts.some(({ key }) => isUniquePart(key));
  const needed = salt ?? (tellsApart ? null : deps.random.hex(8));
  return { facts, derived: deriveUuid(facts.parts, deps.bytes, needed ?? undefined), salt: needed };
}

/** Builds a new record for the probed machine. */
export function makeIdentity(deps: IdentityDeps, { facts, derived, salt }: Sighted): MachineIdentity {
  return {
    machine_uuid: derived.uuid,
    hardware_hash: derived.hash,
    hostname: facts.hostname,
    platform: facts.platform,
    platform_version: facts.platformVersion,
    model: facts.model,
    created: new Date(deps.clock.now()).toISOString(),
    schema: IDENTITY_SCHEMA,
    components: derived.components,
    install_nonce: deps.random.hex(16),
    ...(salt === null ? {} : { salt }),
    succeeds: [],
    previous: [],
  };
}

/** What a person should know about how the identity was made. */
export function noticesOf(
  { facts, salt }: Sighted,
  given: { readonly split?: boolean } = {},
): readonly string[] {
  const notices = facts.problems.map((problem) => `A part of the hardware could not be read: ${problem}.`);
  if (salt !== null && !given.split)
    notices.push(
      'The hardware shows nothing that tells this machine from another, so part of its identity is chance: keep machine-id.json in your backups.',
    );
  return notices;
}

/** Keeps a damaged machine-id.json beside it, with the first free number. Returns the path. */
export async function keepEvidence(deps: IdentityDeps, bytes: Uint8Array): Answer<string> {
  for (let n = 1; ; n++) {
    const path = `${deps.paths.machineId}.damaged-${n}`;
    const there = await deps.files.read(path);
    // The same damage seen twice (after a run interrupted here) needs one copy.
    if (there.ok && there.value !== null && sameBytes(there.value, bytes)) return ok(path);
    const kept = await deps.files.create(path, bytes);
    if (!kept.ok) return kept;
    if (kept.value === 'created') return ok(path);
    if (n === 999) return there.ok ? err(tooMuchEvidence(path)) : there;
  }
}

function tooMuchEvidence(path: string): AppError {
  return {
    code: 'attention',
    message: `machine-id.json was damaged 999 times; nothing more is kept beside it (${JSON.stringify(path)}).`,
    remedy: 'Find out what damages it (disk, sync program), then remove the old copies.',
    transient: false,
  };
}
