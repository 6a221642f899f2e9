import { join } from 'node:path';
import type { AppError } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { bodyDamaged, callCancelled, sourceChanged } from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { ByteSourceChanged } from '../../core/ports/byte-source.ts';
import type { CallOptions } from '../../core/ports/object-store.ts';
import { errnoOf } from '../disk/errno.ts';
import { orAbsent } from './folder-calls.ts';
import {
  closeQuietly,
  makeFolder,
  makeShared,
  nonce,
  openNew,
  removeOwnFolder,
  syncFolder,
  writeAll,
  writeNew,
  type FolderContext,
} from './folder-context.ts';
import { stagingPath } from './folder-names.ts';
import { encodeRecord, RECORD_FILE, type FolderRecord } from './folder-record.ts';

/** A body that is wanted in the store: what it must be, and a pass over its bytes. */
export interface StageBody {
  readonly size: number;
  readonly crc32c: number;
  stream(): AsyncIterable<Uint8Array>;
}

/** A prepared folder that can become a slot by one rename. */
export interface Staged {
  readonly nonce: string;
  readonly path: string;
}

export interface StageOptions extends CallOptions {
  readonly onProgress?: (bytes: number) => void;
}

/** Writes a body into a prepared folder, proved and on disk. On failure nothing is left. */
export async function stageBody(
  context: FolderContext,
  name: string,
  body: StageBody,
  options: StageOptions,
): Promise<Result<Staged, AppError>> {
  const drawn = nonce(context);
  const staged = { nonce: drawn, path: join(stagingPath(context.root), drawn) };
  let failure: AppError | null;
  try {
    await makeStaged(context, staged.path);
    failure = await writeBody(context, name, join(staged.path, `${drawn}.bytes`), body, options);
  } catch (error) {
    await removeOwnFolder(context, staged.path);
    if (error instanceof ByteSourceChanged) return err(sourceChanged(name));
    throw error;
  }
  if (failure === null) return ok(staged);
  await removeOwnFolder(context, staged.path);
  return err(failure);
}

/** The prepared folder itself need not survive a power cut: only what it becomes must. */
async function makeStaged(context: FolderContext, path: string): Promise<void> {
  try {
    await makeShared(context, path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    await makeFolder(context, stagingPath(context.root));
    await makeShared(context, path);
  }
}

async function writeBody(
  context: FolderContext,
  name: string,
  path: string,
  body: StageBody,
  options: StageOptions,
): Promise<AppError | null> {
  const fd = await openNew(context, path);
  try {
    let [size, sum] = [0, 0];
    for await (const chunk of body.stream()) {
      if (options.signal?.aborted === true) return callCancelled(context.url);
      await writeAll(context, fd, chunk);
      size += chunk.length;
      sum = crc32c(chunk, sum);
      options.onProgress?.(size);
    }
    if (options.signal?.aborted === true) return callCancelled(context.url);
    if (size !== body.size) return sourceChanged(name);
    if (sum !== body.crc32c) return bodyDamaged(context.url, name, 'write');
    await context.calls.fsync(fd);
    const facts = await context.calls.fstat(fd);
    // A full disk once reported every write as done and kept half of them.
    return facts.size === size ? null : bodyDamaged(context.url, name, 'write');
  } finally {
    await closeQuietly(context, fd);
  }
}

/** Adds the record, or another in its place; after this the prepared folder is complete and on disk. */
export async function stageRecord(
  context: FolderContext,
  staged: Staged,
  record: FolderRecord,
): Promise<void> {
  const path = join(staged.path, RECORD_FILE);
  await orAbsent(context.calls.unlink(path));
  const fd = await writeNew(context, path, encodeRecord(record));
  try {
    await context.calls.fsync(fd);
  } finally {
    await closeQuietly(context, fd);
  }
  await syncFolder(context, staged.path);
}
