import { appError, type AppError } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { ByteSource } from '../ports/byte-source.ts';
import type { Self, SyncDeps } from './sync-deps.ts';

/**
 * Makes sure that this install, and no clone of it, writes the partition. The store's `machine-id.json` is created once
 * (`ifGenerationMatch: 0`) and names the writer by its `install_nonce`.
 * @returns `clone-alarm` when another install holds the partition; nothing was written then
 */
export async function claimPartition(deps: SyncDeps, signal?: AbortSignal): Promise<Result<void, AppError>> {
  const name = deps.layout.machineId(deps.self.uuid);
  const options = signal ? { signal } : {};
  for (let round = 0; ; round++) {
    const found = await deps.store.get(name, options);
    if (!found.ok) return found;
    const claim = found.value === null ? null : readClaim(found.value.bytes);
    if (claim !== null && !isOurs(claim, deps.self)) return err(cloneAlarm(deps, claim.hostname));
    if (found.value !== null && sameBytes(found.value.bytes, deps.self.document)) return ok(undefined);
    const written = await deps.store.put(name, inMemory(deps.self.document), {
      ...options,
      ifGenerationMatch: found.value?.info.generation ?? '0',
      contentType: 'application/json',
    });
    if (written.ok) return ok(undefined);
    if (written.error.code !== 'precondition' || round === 2) return written;
  }
}

/** The alarm for two installs with one UUID. */
export function cloneAlarm(deps: Pick<SyncDeps, 'self' | 'store'>, otherHost: string): AppError {
  const { uuid, hostname } = deps.self;
  return appError(
    'clone-alarm',
    `Two machines use the identity ${uuid}: this one (${hostname}) and ${quote(otherHost)}. Nothing was pushed.`,
    'If this machine is a copy of the other, give it an identity of its own: `session-log init --new-identity`. If it replaces the other: `session-log init --adopt ' +
      uuid +
      '`.',
    {
      action: 'session-log init --new-identity',
      details: { machine: uuid, hostname, otherHost, store: deps.store.url },
    },
  );
}

/** A small body that is in memory anyway. */
export function inMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    crc32c: crc32c(bytes),
    bytes,
    stream: async function* () {
      yield bytes;
    },
  };
}

interface Claim {
  readonly nonce: string;
  readonly hardwareHash: string;
  readonly hostname: string;
}

/** A record without a nonce is the one that ADR-058's own script wrote: ours when it was made from the same hardware. */
function isOurs(claim: Claim, self: Self): boolean {
  if (claim.nonce !== '') return claim.nonce === self.nonce;
  return claim.hardwareHash !== '' && claim.hardwareHash === readClaim(self.document).hardwareHash;
}

function readClaim(bytes: Uint8Array): Claim {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as {
      install_nonce?: unknown;
      hostname?: unknown;
      hardware_hash?: unknown;
    };
    return {
      nonce: typeof value.install_nonce === 'string' ? value.install_nonce : '',
      hardwareHash: typeof value.hardware_hash === 'string' ? value.hardware_hash : '',
      hostname: typeof value.hostname === 'string' ? value.hostname : 'unknown',
    };
  } catch {
    // Somebody's damage is not a second machine, but neither is it ours to overwrite unseen.
    return { nonce: 'unreadable', hardwareHash: '', hostname: 'unknown' };
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
