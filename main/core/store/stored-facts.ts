import { crc32cFromBase64, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { identityCodec } from './codec.ts';

/** What the store has of a log, in terms of the log (before the codec) and of the object. */
export interface StoredFacts {
  readonly size: number;
  readonly crc32c: number;
  readonly sha256: string | null;
  readonly mtime: number | null;
  readonly generation: string;
  readonly object: { readonly size: number; readonly crc32c: string };
  /** `install_nonce` of the writing install, if the object says. */
  readonly writer: string | null;
  /** True when the bytes that the store has are not those that the object says it holds: an upload that was cut, a file that was changed. */
  readonly damaged: boolean;
}

/** Custom metadata of an uploaded log: with it a reader or a lost ledger needs no index to know what the object holds. */
export function logMetadata(
  log: { readonly size: number; readonly crc32c: number; readonly sha256: string; readonly mtime: number },
  codec: string,
  writer: string,
): Readonly<Record<string, string>> {
  return {
    schema: '1',
    codec,
    writer,
    'log-size': String(log.size),
    'log-crc32c': crc32cToBase64(log.crc32c),
    'log-sha256': log.sha256,
    'log-mtime': String(log.mtime),
  };
}

/** What an object says of itself that holds nothing any more, because its log was forgotten: a store has no delete. */
export const FORGOTTEN = { forgotten: '1' };

/** True for an object with {@link FORGOTTEN}. */
export function isForgotten({ metadata }: Pick<ObjectInfo, 'metadata'>): boolean {
  return metadata['forgotten'] === FORGOTTEN.forgotten;
}

/** Reads an object's facts. An object without our metadata (another tool put it there) is taken as the log itself. */
export function factsOfObject(info: ObjectInfo): StoredFacts {
  const meta = info.metadata;
  const size = Number(meta['log-size'] ?? Number.NaN);
  const crc = crc32cFromBase64(meta['log-crc32c'] ?? '');
  const described = Number.isSafeInteger(size) && size >= 0 && crc !== null;
  const mtime = Number(meta['log-mtime'] ?? Number.NaN);
  return {
    size: described ? size : info.size,
    crc32c: described ? crc : (crc32cFromBase64(info.crc32c) ?? 0),
    sha256:
      described && /^[0-9a-f]{64}$/.test(meta['log-sha256'] ?? '') ? (meta['log-sha256'] ?? null) : null,
    mtime: Number.isSafeInteger(mtime) ? mtime : null,
    generation: info.generation,
    object: { size: info.size, crc32c: info.crc32c },
    writer: meta['writer'] ?? null,
    damaged: isDamaged(info, described ? { size, crc } : null),
  };
}

/** An object without our metadata says nothing to compare with; sealed, it was not sealed by us. */
function isDamaged(info: ObjectInfo, log: { readonly size: number; readonly crc: number } | null): boolean {
  const { codec } = info.metadata;
  if (codec === 'age') {
    const crc = crc32cFromBase64(info.metadata['stored-crc32c'] ?? '');
    return crc === null || isAnother(info, Number(info.metadata['stored-size']), crc);
  }
  return log !== null && codec === identityCodec.name && isAnother(info, log.size, log.crc);
}

/** Holds what the store itself states against what the writer said. A bucket with keys of its own states no checksum. */
function isAnother(info: ObjectInfo, size: number, crc: number): boolean {
  const stated = crc32cFromBase64(info.crc32c);
  return info.size !== size || (stated !== null && stated !== crc);
}
