import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { ByteSource } from './byte-source.ts';

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  readonly size: number;
  /** Epoch milliseconds, with fraction. */
  readonly mtimeMs: number;
  readonly ino: number;
  readonly mode: number;
}

/** One file found below a folder of logs. */
export interface FoundFile {
  /** Relative to the scanned folder, `/`-separated, exactly as on disk. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface ScanResult {
  /** Regular `*.md` files, sorted by path. */
  readonly files: readonly FoundFile[];
  /** What was passed over and why: a folder named `x.md`, a link that leaves the folder, an unreadable folder. */
  readonly problems: readonly { readonly path: string; readonly problem: string }[];
}

export interface HeadOptions {
  /** SHA-256 by which the file was known when its secrets were looked for: while it is that one, nobody looks again. */
  readonly leaves?: string;
}

export interface WriteOptions {
  /** Permission bits; 0o600 unless given. */
  readonly mode?: number;
}

/**
 * The local disk. Paths are absolute. Every write is durable: after success the bytes survive a power cut, and at every moment
 * the file holds its old content or its new, never a third. Failure codes: `io`, `disk-full`, `denied`, `not-found`, `invalid-input`.
 */
export interface Files {
  /** Whole content; null when there is no such file. Never follows a symbolic link in the last place. */
  read(path: string): Promise<Result<Uint8Array | null, AppError>>;
  /** The first `length` bytes (fewer when the file is shorter); null when there is no such file. */
  readHead(path: string, length: number, options?: HeadOptions): Promise<Result<Uint8Array | null, AppError>>;
  /**
   * Bytes from `from` on, `length` at most (fewer where the file ends); null when there is no such file. As the others, never through a link
   * in the last place, and the file's times stay as they are.
   */
  readRange(path: string, from: number, length: number): Promise<Result<Uint8Array | null, AppError>>;
  /** Facts without following a link; null when there is nothing. */
  stat(path: string): Promise<Result<FileFacts | null, AppError>>;
  /**
   * Reads a file once to measure it: size and CRC32C, SHA-256, and the CRC32C of its first `prefixLength` bytes if it is that long.
   * The source re-reads exactly `size` bytes, so a file that only grows meanwhile still gives the same body.
   * Null when there is no such file.
   */
  measure(
    path: string,
    options?: { readonly prefixLength?: number; readonly signal?: AbortSignal },
  ): Promise<Result<Measured | null, AppError>>;
  /** Replaces or makes a file (temporary file, fsync, rename, fsync of the folder). Makes missing folders (0700). */
  replace(path: string, bytes: Uint8Array, options?: WriteOptions): Promise<Result<void, AppError>>;
  /** As `replace`, from a stream; the file appears only if `commit` of the last chunk resolves ok. */
  replaceFrom(
    path: string,
    chunks: AsyncIterable<Uint8Array>,
    commit: () => Promise<Result<void, AppError>>,
    options?: WriteOptions,
  ): Promise<Result<void, AppError>>;
  /** Makes a file that must not exist; `exists` when it does, untouched. */
  create(
    path: string,
    bytes: Uint8Array,
    options?: WriteOptions,
  ): Promise<Result<'created' | 'exists', AppError>>;
  /** Adds to the end of a journal, in one write; with `sync` it is on disk before success. */
  append(
    path: string,
    bytes: Uint8Array,
    options?: WriteOptions & { readonly sync?: boolean },
  ): Promise<Result<void, AppError>>;
  /** All `*.md` files below a folder; an absent folder is empty. Temporary files of our own writes are left out. */
  scanLogs(folder: string): Promise<Result<ScanResult, AppError>>;
  /** Names in a folder; empty when it is absent. */
  names(folder: string): Promise<Result<readonly string[], AppError>>;
  /** Removes one file that the product can make again (state, cache, temporary). Absent is fine. */
  remove(path: string): Promise<Result<void, AppError>>;
  /** Removes a folder that holds nothing. @returns false when it holds something or is not there */
  removeEmptyFolder(path: string): Promise<Result<boolean, AppError>>;
  /** Makes a folder and its parents, private (0700). */
  makeFolder(path: string): Promise<Result<void, AppError>>;
  /** Sets the permission bits of a file or folder; `not-found` when there is none. */
  setMode(path: string, mode: number): Promise<Result<void, AppError>>;
  /** Sets when a file was changed last, epoch milliseconds: for copies of what was written long ago. `not-found` when there is none. */
  setTime(path: string, mtimeMs: number): Promise<Result<void, AppError>>;
  /**
   * Moves a file or folder aside within the same folder's file system; used to keep what could not be read.
   * `precondition` when `to` exists: nothing is ever overwritten this way.
   */
  move(from: string, to: string): Promise<Result<void, AppError>>;
  /** True when `path`, with every link resolved, is `folder` or below it. */
  isWithin(path: string, folder: string): Promise<boolean>;
  /**
   * True when the disk under a folder answers within that time, whether the folder is there or not: a share whose server is gone blocks
   * whoever asks it, and what blocks cannot be stopped. Ask this first where nobody may be made to wait.
   * @param ms milliseconds
   */
  answers(folder: string, ms: number): Promise<boolean>;
  /** Frees bytes in the file system that holds the folder; null when it cannot be asked. */
  freeBytes(folder: string): Promise<number | null>;
  /** Removes, at any depth, the temporary files of writers that were killed, if older than that; says how many went. */
  sweepTemporary(folder: string, olderThanMs: number): Promise<Result<number, AppError>>;
}

export interface Measured {
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
  readonly crc32c: number;
  /** CRC32C of the first `prefixLength` bytes; null when the file is shorter or none was asked for. */
  readonly prefixCrc32c: number | null;
  /** In memory when the file is at most 4 MiB. */
  readonly source: ByteSource;
  /** The file itself, where what leaves of it has labels in the place of secrets. */
  readonly whole?: Pick<Measured, 'size' | 'crc32c' | 'prefixCrc32c'>;
  /** What may be shown of it, where that is less: with labels in the place of secrets. */
  readonly shown?: Pick<ByteSource, 'bytes' | 'stream'>;
}
