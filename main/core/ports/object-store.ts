import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { ByteSource } from './byte-source.ts';

/** What a store knows about one object. */
export interface ObjectInfo {
  readonly name: string;
  /** Opaque; differs for every write of a name. Decimal digits, as Google Cloud Storage writes it. */
  readonly generation: string;
  readonly size: number;
  /** CRC32C of the bytes, base64 ({@link crc32cToBase64}). */
  readonly crc32c: string;
  /** Epoch milliseconds of the write, by the store's clock. What comes with an object's bytes may be cut to the second. */
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
  readonly signal?: AbortSignal;
}

export interface PutOptions extends CallOptions {
  /** Write only if the live object has this generation; `'0'` means "only if there is none". There is no unconditional write. */
  readonly ifGenerationMatch: string;
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Called with the bytes sent so far. */
  readonly onProgress?: (bytes: number) => void;
}

export interface GetOptions extends CallOptions {
  /** Exactly this generation; `not-found` when it is no longer live. */
  readonly generation?: string;
  /** `get` alone: an object of more bytes is `corrupt`, and none of it is read. As much as fits in memory unless given. */
  readonly limit?: number;
  /** Called with the bytes received so far. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Where partitions live. All adapters hold the same contract suite (main/testing).
 *
 * Promises of every adapter: each call settles, within its own deadline or on `signal`; transient failures have been retried
 * with full jitter and a ceiling before they are returned (code `offline`, `throttled`, `server` or `timeout`); a write whose
 * reply was lost is resolved by looking (same CRC32C and size = success); reading after writing sees the write, and so does
 * listing. There is no delete: nothing in the product removes what was stored.
 *
 * Failure codes: `offline denied not-found precondition throttled server timeout corrupt not-configured invalid-input cancelled io disk-full`.
 */
export interface ObjectStore {
  /** `gs://bucket/prefix` or `file:///folder`, for people. Never holds a credential. */
  readonly url: string;
  /** True when the store is on the same disk as the logs, so that it is no backup. */
  readonly sameDisk: boolean;
  /** True when `list` and `head` state the checksum of what was written, and only reading proves the bytes: a folder. */
  readonly statesRecords?: boolean;
  /** Whether what is written is sealed on the way, so that nobody outside the team reads it; absent where nothing is. */
  seals?(): Promise<boolean>;
  /** Looks whether what is written is still to be sealed; before each run of whoever holds the lock of the data folder. */
  beginRun?(): Promise<void>;
  /** Whether this machine may read what is sealed: `denied` without a key, `corrupt` with one that does not serve; absent where nothing is. */
  access?(): Promise<Result<void, AppError>>;
  /** Objects whose name starts with `prefix`, ordered by name (UTF-8 bytes), one page. */
  list(
    prefix: string,
    options?: CallOptions & { readonly pageToken?: string; readonly pageSize?: number },
  ): Promise<Result<ListPage, AppError>>;
  /** Facts about an object; null when there is none. */
  head(name: string, options?: CallOptions): Promise<Result<ObjectInfo | null, AppError>>;
  /** The whole object, checksum-verified. For objects that fit in memory. Null when there is none. */
  get(
    name: string,
    options?: GetOptions,
  ): Promise<Result<{ readonly info: ObjectInfo; readonly bytes: Uint8Array } | null, AppError>>;
  /**
   * The object as a stream of chunks, for any size. The checksum is compared after the last chunk, and a mismatch is the stream's
   * `corrupt` failure, so a reader must not use what it got before `done` resolves. Null when there is none.
   */
  getStream(name: string, options?: GetOptions): Promise<Result<ObjectDownload | null, AppError>>;
  /**
   * Writes an object. `precondition` when the live generation is another one and does not hold our bytes. It means "look again", not
   * "nothing was written": our write may have been made, its reply lost, and itself replaced before the retry.
   * Where two names cannot stand beside each other (a folder, for names that differ only in case or Unicode form) the new one is
   * `invalid-input`, unless `ifGenerationMatch` names the other's generation: then that object goes by the new name.
   */
  put(name: string, body: ByteSource, options: PutOptions): Promise<Result<ObjectInfo, AppError>>;
  /** Copies inside the store, without the bytes passing through here. `precondition` when the target exists with other bytes. */
  copy(
    from: { readonly name: string; readonly generation: string },
    to: string,
    options: CallOptions & { readonly ifGenerationMatch: string },
  ): Promise<Result<ObjectInfo, AppError>>;
  /** One cheap round trip that proves reachability, credentials and the right to read (and, where it can be asked, to write). */
  probe(options?: CallOptions): Promise<Result<StoreProbe, AppError>>;
  /** Closes sockets; the store can be used again afterwards. */
  close(): Promise<void>;
}

export interface ObjectDownload {
  readonly info: ObjectInfo;
  /** Never throws: a failure under way ends the chunks early, and `done` tells what it was. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Settles after the last chunk was taken: ok when size and checksum agree. */
  readonly done: Promise<Result<void, AppError>>;
}

/** How a bucket is set up, where it says. */
export interface BucketFacts {
  /** As the service names it: `EUROPE-WEST3`, `EU`. */
  readonly location: string;
  /** `STANDARD`, `NEARLINE`, … */
  readonly storageClass: string;
  /** Replaced and deleted versions stay until somebody removes them. */
  readonly versioning: boolean;
  /** Seconds for which replaced and deleted versions can be brought back; 0 when it is off. */
  readonly softDeleteS: number;
  /** Seconds for which no object may be replaced; 0 without such a policy. */
  readonly retentionS: number;
  /** Nobody can make anything in it public. */
  readonly publicAccessPrevented: boolean;
  /** Rights are given on the bucket and its folders alone, and not on single objects. */
  readonly uniformAccess: boolean;
}

export interface StoreProbe {
  readonly url: string;
  readonly writable: boolean | null;
  /** Who the store takes us for, if it says: an account name, never a token. */
  readonly account: string | null;
  readonly latencyMs: number;
  /** Absent where the store is not a bucket, or does not let this account read how it is set up. */
  readonly bucket?: BucketFacts;
}
