import type { Clock } from '../core/ports/clock.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';
import { compareObjectNames } from '../../shared/domain/object-name.ts';

export interface MemoryObject {
  readonly info: ObjectInfo;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** What a write attempt came to. */
export type BucketWrite =
  | { readonly kind: 'written'; readonly info: ObjectInfo }
  | { readonly kind: 'mismatch'; readonly live: ObjectInfo | null }
  | { readonly kind: 'throttled' };

/** One bucket in memory, which any number of stores (machines) share. Strongly consistent, as Cloud Storage is. */
export interface MemoryBucket {
  readonly objects: ReadonlyMap<string, MemoryObject>;
  /** Every write that was accepted, oldest first: nothing that was stored is ever forgotten by the judge. */
  readonly history: readonly MemoryObject[];
  /** Requests that reached the bucket, by operation. */
  readonly requests: Readonly<Record<'read' | 'list' | 'write', number>>;
  count(kind: 'read' | 'list' | 'write'): void;
  /** Names with this prefix, ordered by their UTF-8 bytes. */
  names(prefix: string): readonly string[];
  write(
    name: string,
    expect: string,
    object: {
      readonly bytes: Uint8Array;
      readonly crc32c: string;
      readonly contentType: string;
      readonly metadata: Readonly<Record<string, string>>;
    },
  ): BucketWrite;
  /** Puts an object there as a stranger with rights would: no precondition, any name, any checksum. */
  plant(
    name: string,
    bytes: Uint8Array,
    options: { readonly crc32c: string; readonly metadata?: Readonly<Record<string, string>> },
  ): ObjectInfo;
  /** Removes an object as a person in the console would; the product never does. */
  remove(name: string): void;
}

export interface MemoryBucketOptions {
  readonly clock: Clock;
  /** Refuse a second write of a name within a second, as Cloud Storage does. Default false. */
  readonly oneWritePerSecond?: boolean;
}

/** Makes an empty bucket. */
export function createMemoryBucket(options: MemoryBucketOptions): MemoryBucket {
  const { clock } = options;
  const objects = new Map<string, MemoryObject>();
  const history: MemoryObject[] = [];
  const lastWrite = new Map<string, number>();
  const requests = { read: 0, list: 0, write: 0 };
  let lastGeneration = 0;
  /** All names in order; null when one came or went since. */
  let ordered: readonly string[] | null = null;

  function store(
    name: string,
    object: Omit<MemoryObject, 'info'>,
    crc: string,
    metadata: ObjectInfo['metadata'],
  ): ObjectInfo {
    const updated = Math.floor(clock.now());
    // Cloud Storage numbers generations by its clock in microseconds; ours also never goes back when the clock does.
    lastGeneration = Math.max(lastGeneration + 1, updated * 1000);
    const info = {
      name,
      generation: String(lastGeneration),
      size: object.bytes.length,
      crc32c: crc,
      updated,
      metadata: { ...metadata },
    };
    const kept = { ...object, bytes: object.bytes.slice(), info };
    if (!objects.has(name)) ordered = null;
    objects.set(name, kept);
    history.push(kept);
    return info;
  }

  return {
    objects,
    history,
    requests,
    count: (kind) => {
      requests[kind]++;
    },
    names: (prefix) => {
      ordered ??= [...objects.keys()].sort(compareObjectNames);
      return ordered.filter((name) => name.startsWith(prefix));
    },
    write: (name, expect, object) => {
      const live = objects.get(name);
      if ((live?.info.generation ?? '0') !== expect) return { kind: 'mismatch', live: live?.info ?? null };
      const last = lastWrite.get(name);
      if (options.oneWritePerSecond === true && last !== undefined && clock.monotonic() - last < 1000)
        return { kind: 'throttled' };
      lastWrite.set(name, clock.monotonic());
      return { kind: 'written', info: store(name, object, object.crc32c, object.metadata) };
    },
    plant: (name, bytes, { crc32c, metadata }) =>
      store(name, { bytes, contentType: 'application/octet-stream' }, crc32c, metadata ?? {}),
    remove: (name) => {
      objects.delete(name);
      ordered = null;
    },
  };
}
