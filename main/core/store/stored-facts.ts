import { crc32cFromBase64, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import type { ObjectInfo } from '../ports/object-store.ts';

/** The store's facts about a log and its object. */
export interface StoredFacts {
  readonly size: number;
  readonly crc32c: number;
  readonly sha256: string | null;
  readonly mtime: number | null;
  readonly generation: string;
  readonly object: { readonly size: number; readonly crc32c: string };
  /** `install_nonce` of the writing install, if in the object. */
  readonly writer: string | null;
  /** Whether the stored bytes differ from the object's facts: an interrupted upload, an altered file. */
  readonly damaged: boolean;
}

/** The codec named in the metadata of objects that hold a log as it is; sealing names its own. */
export const PLAIN = 'identity';

/** Custom metadata of an uploaded log: with it a reader or a lost ledger needs no index to know the object's content. */
export function logMetadata(
  log: { readonly size: number; readonly crc32c: number; readonly sha256: string; readonly mtime: number },
  writer: string,
): Readonly<Record<string, string>> {
  return {
    schema: '1',
    codec: PLAIN,
    writer,
    'log-size': String(log.size),
    'log-crc32c': crc32cToBase64(log.crc32c),
    'log-sha256': log.sha256,
    'log-mtime': String(log.mtime),
  };
}

/** Metadata of an emptied object whose log was forgotten: a store has no delete. */
export const FORGOTTEN = { forgotten: '1' };

/** Whether an object has {@link FORGOTTEN}. */
export function isForgotten({ metadata }: Pick<ObjectInfo, 'metadata'>): boolean {
  return metadata['forgotten'] === FORGOTTEN.forgotten;
}

/** Reads an object's facts. One without our metadata (from another tool) is taken as the log itself. */
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

/** Without our metadata there is nothing to compare with; if sealed, it was not sealed by us. */
function isDamaged(info: ObjectInfo, log: { readonly size: number; readonly crc: number } | null): boolean {
  const { codec } = info.metadata;
  if (codec === 'age') {
    const crc = crc32cFromBase64(info.metadata['stored-crc32c'] ?? '');
    return crc === null || isAnother(info, Number(info.metadata['stored-size']), crc);
  }
  return log !== null && codec === PLAIN && isAnother(info, log.size, log.crc);
}

/** Compares the store's own facts with the writer's. A bucket with its own keys reports no checksum. */
function isAnother(info: ObjectInfo, size: number, crc: number): boolean {
  const stated = crc32cFromBase64(info.crc32c);
  return info.size !== size || (stated !== null && stated !== crc);
}
