import { join } from 'node:path';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { bodyDamaged, callCancelled, sourceChanged } from '../../../shared/domain/store-errors.ts';
import { err, ok } from '../../../shared/result.ts';
import { ByteSourceChanged } from '../../core/ports/byte-source.ts';
import type { CallOptions } from '../../core/ports/object-store.ts';
import { errnoOf } from '../disk/errno.ts';
import {
  closeQuietly,
  makeFolder,
  makeShared,
  nonce,
  openNew,
  removeOwnFolder,
  renamePatiently,
  syncFolder,
  writeAll,
  writeNew,
  type FolderContext,
} from './folder-context.ts';
import { stagingPath } from './folder-names.ts';
import { encodeRecord, RECORD_FILE, type FolderRecord } from './folder-record.ts';

/** A body to be stored: its expected properties, and a pass over its bytes. */
export interface StageBody {
  readonly size: number;
  readonly crc32c: number;
  stream(): AsyncIterable<Uint8Array>;
}

/** A body, and the folder that becomes a slot by one rename. */
export interface Staged {
  readonly nonce: string;
  /** The folder; created once the record is known. */
  readonly path: string;
}

/** Writes a body beside its future folder, verified and on disk except for its name. On failure nothing is left. */
export async function stageBody(
  context: FolderContext,
  name: string,
  body: StageBody,
  options: CallOptions,
): Answer<Staged> {
  const drawn = nonce(context);
  const staged = { nonce: drawn, path: join(stagingPath(context.root), drawn) };
  let failure: AppError | null;
  try {
    failure = await writeBody(context, name, await openStaged(context, bodyFile(staged)), body, options);
  } catch (error) {
    await discardStaged(context, staged);
    if (error instanceof ByteSourceChanged) return err(sourceChanged(name));
    throw error;
  }
  if (failure === null) return ok(staged);
  await discardStaged(context, staged);
  return err(failure);
}

/** Removes what was staged but did not become a slot, as far as possible. */
export async function discardStaged(context: FolderContext, staged: Staged): Promise<void> {
  for (const file of [bodyFile(staged), recordFile(staged)]) {
    try {
      await context.calls.unlink(file);
    } catch {
      // Already in the folder, or swept later.
    }
  }
  await removeOwnFolder(context, staged.path);
}

function bodyFile({ path }: Staged): string {
  return `${path}.body`;
}

function recordFile({ path }: Staged): string {
  return `${path}.json`;
}

async function openStaged(context: FolderContext, path: string): Promise<number> {
  try {
    return await openNew(context, path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    await makeFolder(context, stagingPath(context.root));
    return await openNew(context, path);
  }
}

async function writeBody(
  context: FolderContext,
  name: string,
  fd: number,
  body: StageBody,
  options: CallOptions,
): Promise<AppError | null> {
  try {
    let [size, sum] = [0, 0];
    for await (const chunk of body.stream()) {
      if (options.signal?.aborted === true) return callCancelled(context.url);
      await writeAll(context, fd, chunk);
      size += chunk.length;
      sum = crc32c(chunk, sum);
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

/**
 * Adds the record; the prepared folder is then complete and on disk. Everything in it was renamed from the staging folder, so that one sync
 * of that folder, shared by concurrent writers, makes all of it durable.
 * @param isAnother true when it replaces one
 */
export async function stageRecord(
  context: FolderContext,
  staged: Staged,
  record: FolderRecord,
  isAnother: boolean,
): Promise<void> {
  const fd = await writeNew(context, recordFile(staged), encodeRecord(record));
  try {
    await context.calls.fsync(fd);
  } finally {
    await closeQuietly(context, fd);
  }
  if (!isAnother) {
    await makeShared(context, staged.path);
    await renamePatiently(context, bodyFile(staged), join(staged.path, `${staged.nonce}.bytes`));
  }
  await renamePatiently(context, recordFile(staged), join(staged.path, RECORD_FILE));
  await syncFolder(context, stagingPath(context.root));
}
