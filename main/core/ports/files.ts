import type { Answer } from '../../../shared/app-error.ts';
import type { ByteSource } from './byte-source.ts';

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  readonly size: number;
  /** Fractional epoch milliseconds. */
  readonly mtimeMs: number;
  readonly ino: number;
  readonly mode: number;
}

/** One file found under a log folder. */
export interface FoundFile {
  /** Relative to the scanned folder, `/`-separated, exactly as on disk. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** A path that a scan skipped, and why: a folder named `x.md`, a link that leaves the folder, an unreadable folder. */
export interface SkippedPath {
  readonly path: string;
  readonly problem: string;
  /** This user may not look at it; its name is not at fault. */
  readonly unread?: true;
}

export interface ScanResult {
  /** Regular `*.md` files, sorted by path. */
  readonly files: readonly FoundFile[];
  /** Sorted by path. */
  readonly problems: readonly SkippedPath[];
}

export interface HeadOptions {
  /** SHA-256 of the file when it was last scanned for secrets; no rescan while it matches. */
  readonly leaves?: string;
}

export interface MeasureOptions {
  readonly prefixLength?: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether the scanner finds nothing in a file, by its SHA-256: such a file is not scanned again. */
  readonly isHarmless?: (sha256: string) => boolean;
}

export interface WriteOptions {
  /** Permission bits; default 0o600. */
  readonly mode?: number;
}

/**
 * The local disk. Paths are absolute. Every write is durable: after success the bytes survive a power cut, and at any moment the file holds
 * either its old or its new content. Failure codes: `io`, `disk-full`, `denied`, `not-found`, `invalid-input`.
 */
export interface Files {
  /** Reads a whole file; null when it is absent. Never follows a symbolic link in the last component. */
  read(path: string): Answer<Uint8Array | null>;
  /** Reads the first `length` bytes (fewer if the file is shorter); null when it is absent. */
  readHead(path: string, length: number, options?: HeadOptions): Answer<Uint8Array | null>;
  /**
   * Reads at most `length` bytes starting at `from` (fewer at the end of the file); null when it is absent. Never follows a link in the
   * last component, and keeps the file's times.
   */
  readRange(path: string, from: number, length: number): Answer<Uint8Array | null>;
  /** Facts without following a link; null when it is absent. */
  stat(path: string): Answer<FileFacts | null>;
  /**
   * Measures a file in one pass: size and CRC32C, SHA-256, and the CRC32C of its first `prefixLength` bytes if it is that long. The source
   * re-reads exactly `size` bytes, so a file that only grows still gives the same body. Null when it is absent.
   */
  measure(path: string, options?: MeasureOptions): Answer<Measured | null>;
  /** Replaces or creates a file (temporary file, fsync, rename, folder fsync). Creates missing folders (0700). */
  replace(path: string, bytes: Uint8Array, options?: WriteOptions): Answer<void>;
  /** Like `replace`, from a stream; the file appears only if `commit` after the last chunk is ok. */
  replaceFrom(
    path: string,
    chunks: AsyncIterable<Uint8Array>,
    commit: () => Answer<void>,
    options?: WriteOptions,
  ): Answer<void>;
  /** Creates a file; `exists`, and no change, when there is one. */
  create(path: string, bytes: Uint8Array, options?: WriteOptions): Answer<'created' | 'exists'>;
  /** Appends to a journal in one write; with `sync`, it is on disk before success. */
  append(path: string, bytes: Uint8Array, options?: WriteOptions & { readonly sync?: boolean }): Answer<void>;
  /** Lists all `*.md` files below a folder; an absent folder is empty. Omits temporary files of our own writes. */
  scanLogs(folder: string): Answer<ScanResult>;
  /** Names in a folder; empty when absent. */
  names(folder: string): Answer<readonly string[]>;
  /** Removes one regenerable file (state, cache, temporary). Absent is fine. */
  remove(path: string): Answer<void>;
  /** Removes an empty folder. @returns false when it is not empty or absent */
  removeEmptyFolder(path: string): Answer<boolean>;
  /** Makes a folder and its parents, private (0700). */
  makeFolder(path: string): Answer<void>;
  /** Sets the permission bits of a file or folder; `not-found` when absent. */
  setMode(path: string, mode: number): Answer<void>;
  /** Sets a file's modification time, epoch milliseconds: for copies of old content. `not-found` when absent. */
  setTime(path: string, mtimeMs: number): Answer<void>;
  /**
   * Moves a file or folder within its file system, to keep what could not be read. `precondition` when `to` exists: it never overwrites.
   */
  move(from: string, to: string): Answer<void>;
  /** Whether `path`, with every link resolved, is `folder` or below it. */
  isWithin(path: string, folder: string): Promise<boolean>;
  /**
   * Whether the disk under a folder responds in time, even if the folder is absent: a share whose server is gone blocks its callers, and a
   * blocked call cannot be cancelled. Call this first where nobody may be kept waiting.
   * @param ms milliseconds
   */
  answers(folder: string, ms: number): Promise<boolean>;
  /** Free bytes in the folder's file system; null when unknown. */
  freeBytes(folder: string): Promise<number | null>;
  /** Removes, at any depth, temporary files of killed writers older than that; returns the number removed. */
  sweepTemporary(folder: string, olderThanMs: number): Answer<number>;
}

export interface Measured {
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
  readonly crc32c: number;
  /** CRC32C of the first `prefixLength` bytes; null when the file is shorter or not asked for. */
  readonly prefixCrc32c: number | null;
  /** In memory up to 4 MiB. */
  readonly source: ByteSource;
  /** The file itself, where its pushed form has labels instead of secrets. */
  readonly whole?: Pick<Measured, 'size' | 'crc32c' | 'prefixCrc32c'>;
  /** What may be displayed, where that is less: with labels instead of secrets. */
  readonly shown?: Pick<ByteSource, 'bytes' | 'stream'>;
}
