import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { MachineIdentity } from '../../../shared/domain/machine-identity.ts';
import { apartRequest, checkClaim, type ClaimVerdict } from '../machine/claim.ts';
import { RECORD_LIMIT } from '../machine/partition-records.ts';
import { inMemory } from '../store/in-memory.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * Ensures that this install, and no clone of it, writes the partition. The store's `machine-id.json` is created once (`ifGenerationMatch:
 * 0`) and names the writer by its `install_nonce`.
 * @returns `clone-alarm` when another install holds the partition; nothing was written then
 */
export async function claimPartition(deps: SyncDeps, signal?: AbortSignal): Promise<Result<void, AppError>> {
  const name = deps.layout.machineId(deps.self.uuid);
  const options = { signal };
  for (let round = 0; ; round++) {
    const found = await deps.store.get(name, { ...options, limit: RECORD_LIMIT });
    if (!found.ok) return found;
    const verdict = checkClaim(
      deps.self.identity,
      found.value === null ? null : parseJson(found.value.bytes),
    );
    if (verdict.kind === 'ours') return ok(undefined);
    if (verdict.kind === 'clone')
      return err(
        isOtherAccount(deps.self.identity, verdict)
          ? otherAccount(deps, 'Nothing was pushed, and nothing was mixed.')
          : cloneAlarm(deps, verdict.hostname),
      );
    if (verdict.kind === 'damaged') return err(damagedClaim(deps, verdict.problem));
    const written = await deps.store.put(name, inMemory(deps.self.document), {
      ...options,
      ifGenerationMatch: found.value?.info.generation ?? '0',
      contentType: 'application/json',
    });
    if (written.ok) return ok(undefined);
    if (written.error.code !== 'precondition' || round === 2) return written;
  }
}

/**
 * The alarm for two installs with one UUID.
 * @param outcome of the push that met it
 */
export function cloneAlarm(
  deps: Pick<SyncDeps, 'self' | 'store'>,
  otherHost: string,
  outcome = 'Nothing was pushed.',
): AppError {
  const { uuid, hostname } = deps.self;
  return appError(
    'clone-alarm',
    `Two machines use the identity ${uuid}: this one (${hostname}) and ${quote(otherHost)}. ${outcome}`,
    `If this machine is a copy of the other, give it an identity of its own: \`session-log init --new-identity\`. If it replaces the other: \`session-log init --adopt ${uuid}\`.`,
    {
      action: 'session-log init --new-identity',
      details: { machine: uuid, hostname, otherHost, store: deps.store.url },
    },
  );
}

function isOtherAccount(own: MachineIdentity, verdict: ClaimVerdict): boolean {
  return verdict.kind === 'clone' && verdict.sameHardware && verdict.hostname === own.hostname;
}

/**
 * Checks, without writing, whether another data folder of this computer holds the partition: a person who sets up a second account should
 * know before the first push.
 * @returns null when it does not, or when the store does not tell
 */
export async function findOtherAccount(
  deps: Pick<SyncDeps, 'self' | 'store' | 'layout'>,
  signal: AbortSignal,
): Promise<AppError | null> {
  const { self, store, layout } = deps;
  const found = await store.get(layout.machineId(self.uuid), { signal, limit: RECORD_LIMIT });
  if (!found.ok || found.value === null) return null;
  const verdict = checkClaim(self.identity, parseJson(found.value.bytes));
  return isOtherAccount(self.identity, verdict) ? otherAccount(deps, 'It cannot push like this.') : null;
}

/**
 * The error for two data folders of one computer: by definition a computer has one UUID, so its accounts share it. Nothing is wrong or
 * mixed, but one needs its own identity before it can push.
 */
function otherAccount(deps: Pick<SyncDeps, 'self' | 'store'>, outcome: string): AppError {
  const { uuid, hostname, identity } = deps.self;
  const apart =
    apartRequest(identity) === 'account' ? 'session-log init --account' : 'session-log init --new-identity';
  return appError(
    'clone-alarm',
    `Another data folder of this computer (${hostname}) keeps its logs under ${uuid} in this store: another account, or an earlier data folder of yours. ${outcome}`,
    `If it is another account, give this one an identity of its own, under which its logs stand beside the other\u2019s: \`${apart}\`. If it was yours, go on as it: \`session-log init --adopt ${uuid}\`.`,
    {
      action: apart,
      details: { machine: uuid, hostname, otherHost: hostname, store: deps.store.url, sameComputer: true },
    },
  );
}

function damagedClaim(deps: Pick<SyncDeps, 'self' | 'store'>, problem: string): AppError {
  const { uuid } = deps.self;
  return appError(
    'corrupt',
    `The record of who writes the partition ${uuid} cannot be understood: ${problem}. Nothing was pushed.`,
    `If no other machine uses this identity, take the partition over: \`session-log init --adopt ${uuid}\`.`,
    { action: `session-log init --adopt ${uuid}`, details: { machine: uuid, store: deps.store.url } },
  );
}

/** Undefined for invalid JSON; null stands for "there is none". */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return (JSON.parse(new TextDecoder().decode(bytes)) as unknown) ?? undefined;
  } catch {
    return undefined;
  }
}
