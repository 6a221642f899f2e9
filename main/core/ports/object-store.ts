import type { Answer } from '../../../shared/app-error.ts';
import type { BucketFacts } from '../../../shared/domain/bucket-facts.ts';
import type { ByteSource } from './byte-source.ts';

/** A store's facts about one object. */
export interface ObjectInfo {
  readonly name: string;
  /** Opaque; differs for every write of a name. Decimal digits, as Google Cloud Storage writes it. */
  readonly generation: string;
  readonly size: number;
  /** CRC32C of the bytes, base64 ({@link crc32cToBase64}). */
  readonly crc32c: string;
  /** When written, epoch milliseconds by the store's clock; with an object's bytes possibly truncated to seconds. */
  readonly updated: number;
  /** Custom metadata: keys `[a-z0-9-]+`, ASCII values, 8 KiB in all. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ListPage {
  readonly objects: readonly ObjectInfo[];
  /** Pass to the next call; absent on the last page. */
  readonly nextPageToken?: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface PutOptions extends CallOptions {
  /** Write only if the live object has this generation; `'0'` means "only if absent". There is no unconditional write. */
  readonly ifGenerationMatch: string;
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface GetOptions extends CallOptions {
  /** Exactly this generation; `not-found` when it is no longer live. */
  readonly generation?: string;
  /** `get` only: a larger object is `corrupt` and not read. Bytes; default: what fits in memory. */
  readonly limit?: number;
}

/**
 * Where partitions live. All adapters pass the same contract suite (main/testing).
 *
 * Every adapter guarantees: each call settles, within its own deadline or on `signal`; transient failures are retried with full jitter and
 * a ceiling before they are returned (code `offline`, `throttled`, `server` or `timeout`); a write whose reply was lost is resolved by
 * looking (same CRC32C and size = success); a read after a write sees the write, and so does a listing. There is no delete: nothing in the
 * product removes what was stored.
 *
 * Failure codes: `offline denied not-found precondition throttled server timeout corrupt not-configured invalid-input cancelled io
 * disk-full`.
 */
export interface ObjectStore {
  /** `gs://bucket/prefix` or `file:///folder`, for people. Never holds a credential. */
  readonly url: string;
  /** True when the store shares a disk with the logs and so is no backup. */
  readonly sameDisk: boolean;
  /** True when `list` and `head` report the checksum as recorded, and only reading proves the bytes: a folder. */
  readonly statesRecords?: boolean;
  /** Whether writes are sealed, so that nobody outside the team can read them; absent where nothing is. */
  seals?(): Promise<boolean>;
  /** Rechecks whether writes must be sealed; called before each run that holds the data folder's lock. */
  beginRun?(): Promise<void>;
  /** Whether this machine may read sealed objects: `denied` without a key, `corrupt` with a wrong one; absent where nothing is sealed. */
  access?(): Answer<void>;
  /** One page of objects whose names start with `prefix`, by name (UTF-8 bytes). */
  list(
    prefix: string,
    options?: CallOptions & { readonly pageToken?: string | undefined; readonly pageSize?: number },
  ): Answer<ListPage>;
  /** Facts about an object; null when absent. */
  head(name: string, options?: CallOptions): Answer<ObjectInfo | null>;
  /** The whole object, checksum-verified. For objects that fit in memory. Null when absent. */
  get(
    name: string,
    options?: GetOptions,
  ): Answer<{ readonly info: ObjectInfo; readonly bytes: Uint8Array } | null>;
  /**
   * The object as a stream of chunks, of any size. The checksum is compared after the last chunk, and a mismatch is the stream's `corrupt`
   * failure, so readers must not use any data before `done` resolves. Null when absent.
   */
  getStream(name: string, options?: GetOptions): Answer<ObjectDownload | null>;
  /**
   * Writes an object. `precondition` when the live generation differs and does not hold our bytes. It means "look again", not "nothing was
   * written": our write may have succeeded, its reply been lost, and it been replaced before the retry. Where two names cannot coexist (a
   * folder, for names that differ only in case or Unicode form) the new one is `invalid-input`, unless `ifGenerationMatch` names the
   * other's generation: then that object takes the new name.
   */
  put(name: string, body: ByteSource, options: PutOptions): Answer<ObjectInfo>;
  /** Copies within the store, not through this machine. `precondition` when the target exists with other bytes. */
  copy(
    from: { readonly name: string; readonly generation: string },
    to: string,
    options: CallOptions & { readonly ifGenerationMatch: string },
  ): Answer<ObjectInfo>;
  /** One cheap round trip that proves reachability, credentials and read permission (and write, where it can be asked). */
  probe(options?: CallOptions): Answer<StoreProbe>;
  /** Closes sockets; the store stays usable. */
  close(): Promise<void>;
}

export interface ObjectDownload {
  readonly info: ObjectInfo;
  /** Never throws: a failure in transit ends the chunks early, and `done` reports it. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Settles after the last chunk was read: ok when size and checksum agree. */
  readonly done: Answer<void>;
}

export interface StoreProbe {
  readonly url: string;
  readonly writable: boolean | null;
  /** The account the store knows us as, if it tells: a name, never a token. */
  readonly account: string | null;
  readonly latencyMs: number;
  /** Absent where the store is not a bucket, or denies this account its configuration. */
  readonly bucket?: BucketFacts;
}
