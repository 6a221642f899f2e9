import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import { err, ok } from '../../../shared/result.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { readPack, type ReadPack } from './pack-format.ts';
import { SEALING_ROOM, PACKED_LIMIT, refusedPack, UNPACKED_LIMIT } from './pack-limits.ts';

type Deps = Pick<SyncDeps, 'store' | 'layout' | 'bytes'>;

/** A compressed pack whose bytes match the head. */
export interface RawPack {
  readonly machine: MachineUuid;
  readonly host: string;
  readonly ref: TextPackRef;
  readonly bytes: Uint8Array;
}

/**
 * Fetches another machine's pack. Its head's figures only serve as a limit.
 * @returns `corrupt` ({@link refusedPack}) when it does not match the head; `not-found` when it is absent (now)
 */
export async function fetchPack(
  deps: Deps,
  of: Omit<RawPack, 'bytes'>,
  { signal }: Pick<RunOptions, 'signal'>,
): Answer<RawPack> {
  const { machine, host, ref } = of;
  if (ref.size > PACKED_LIMIT || ref.text > UNPACKED_LIMIT)
    return err(unlike(host, ref, 'is larger than a pack can be'));
  const found = await deps.store.get(deps.layout.textPack(machine, ref.name), {
    limit: ref.size + SEALING_ROOM,
    signal,
  });
  if (!found.ok && found.error.code === 'corrupt') return err(unlike(host, ref, 'is damaged, or too large'));
  if (!found.ok) return found;
  if (found.value === null)
    return fail('not-found', `A text pack of ${host} (${ref.name}) is not in the store.`, writeAgain(host));
  const packed = found.value.bytes;
  const isWhole = packed.length === ref.size && deps.bytes.sha256(packed) === ref.sha256;
  return isWhole ? ok({ ...of, bytes: packed }) : err(unlike(host, ref, 'does not match its digest'));
}

/** Unpacks and parses {@link fetchPack}'s result. */
export async function openPack(
  { bytes }: Pick<Deps, 'bytes'>,
  { machine, host, ref, bytes: packed }: RawPack,
): Answer<ReadPack> {
  const lines = await bytes.gunzip(packed, Math.min(ref.text, UNPACKED_LIMIT));
  return lines === null
    ? err(unlike(host, ref, 'unpacks to something else than its head says'))
    : readPack(lines, machine);
}

function unlike(host: string, { name }: TextPackRef, why: string): AppError {
  return refusedPack(`A text pack of ${host} (${name}) ${why}.`, writeAgain(host));
}

function writeAgain(host: string): string {
  return `Its logs are found once they are pulled. Run \`session-log sync --full\` on ${host}: it writes the pack again.`;
}
