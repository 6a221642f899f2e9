import { type AppError, type Answer } from '../../../shared/app-error.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import {
  bodyDamaged,
  callCancelled,
  generationGone,
  objectTooLarge,
} from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { GetOptions, ObjectDownload, ObjectInfo } from '../../core/ports/object-store.ts';
import { errnoOf } from '../disk/errno.ts';
import { orAbsent } from './folder-calls.ts';
import { closeQuietly, openExisting, type FolderContext } from './folder-context.ts';
import { folderError } from './folder-errors.ts';
import { nodePath, visiblePath } from './folder-names.ts';
import { infoOf, type FolderRecord } from './folder-record.ts';
import { publishSlot, readTopSlot, stagedPath, tooBusy, topSlotNumber, type Slot } from './folder-slots.ts';

const ATTEMPTS = 20;
const CHUNK = 256 * 1024;
/** As with a bucket: logs are streamed, and nothing else is this large. */
const WHOLE_LIMIT = 64 * 1024 * 1024;

/** An object open for reading; its descriptor retains these bytes whatever is written meanwhile. */
export interface OpenObject {
  readonly fd: number;
  readonly record: FolderRecord;
}

/** The live slot of exactly this name, if its bytes exist (sound or not); null otherwise. */
export async function findLive(context: FolderContext, name: string): Answer<Slot | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const top = await readTopSlot(context, name);
    if (!top.ok || top.value === null) return top;
    const slot = top.value;
    if (slot.record.name !== name) return ok(null);
    if (await hasBytes(context, slot)) return top;
    // Removed by a person: then it is gone, as in any store; unless a writer has just replaced what we examined.
    if ((await topSlotNumber(context, nodePath(context.root, name))) === slot.number) return ok(null);
  }
  return err(tooBusy(context, name));
}

/** True when the slot's bytes exist, under the visible name or still in the slot. */
export async function hasBytes(context: FolderContext, slot: Slot): Promise<boolean> {
  const { calls, root } = context;
  if ((await orAbsent(calls.lstat(visiblePath(root, slot.record.name)))) !== null) return true;
  if ((await orAbsent(calls.lstat(stagedPath(slot)))) !== null) return true;
  // Published between the two checks.
  return (await orAbsent(calls.lstat(visiblePath(root, slot.record.name)))) !== null;
}

/** Opens exactly the bytes of the live generation. */
export async function openLive(
  context: FolderContext,
  name: string,
  generation: string | undefined,
): Answer<OpenObject | null> {
  const node = nodePath(context.root, name);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const live = await findLive(context, name);
    if (!live.ok) return live;
    const slot = live.value;
    if (generation !== undefined && slot?.record.generation !== generation)
      return err(generationGone(context.url, name, generation));
    if (slot === null) return ok(null);
    // Bytes still in their slot certainly belong to it: its writer died, or is about to take the last step.
    const staged = await openExisting(context, stagedPath(slot));
    if (staged !== null) {
      await tryPublish(context, slot);
      return await checkedOpen(context, staged, slot);
    }
    const fd = await openVisible(context, name);
    if (fd === 'foreign') return err(bodyDamaged(context.url, name, 'read'));
    if (fd === null) continue;
    // Bytes under the visible name belong to the slot if no newer one exists after opening.
    if ((await topSlotNumber(context, node)) === slot.number) return await checkedOpen(context, fd, slot);
    await closeQuietly(context, fd);
  }
  return err(tooBusy(context, name));
}

async function openVisible(context: FolderContext, name: string): Promise<number | null | 'foreign'> {
  try {
    return await openExisting(context, visiblePath(context.root, name));
  } catch (error) {
    // A link, a folder or a socket has replaced the object.
    if (['ELOOP', 'EMLINK', 'EISDIR', 'ENXIO'].includes(errnoOf(error))) return 'foreign';
    throw error;
  }
}

async function checkedOpen(context: FolderContext, fd: number, slot: Slot): Answer<OpenObject> {
  const facts = await context.calls.fstat(fd);
  if (facts.isFile() && facts.size === slot.record.size) return ok({ fd, record: slot.record });
  await closeQuietly(context, fd);
  return err(bodyDamaged(context.url, slot.record.name, 'read'));
}

/** Publishes as part of a read; requires no write permission, so a refusal changes nothing. */
async function tryPublish(context: FolderContext, slot: Slot): Promise<void> {
  try {
    await publishSlot(context, slot);
  } catch (error) {
    if (errnoOf(error) === '') throw error;
  }
}

/** Streams the bytes of an open file until its end or until the signal aborts. Closes it. Throws system errors. */
export async function* readChunks(
  context: FolderContext,
  fd: number,
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    // One byte more than announced is requested, to detect a file that grew meanwhile.
    for (let left = size + 1; left > 0;) {
      if (signal?.aborted === true) return;
      const buffer = new Uint8Array(Math.min(CHUNK, left));
      const got = await context.calls.read(fd, buffer, 0, buffer.length);
      if (got === 0) return;
      left -= got;
      yield buffer.subarray(0, got);
    }
  } finally {
    await closeQuietly(context, fd);
  }
}

/** Returns an open object as a download that is verified at its end. */
export function downloadOf(context: FolderContext, object: OpenObject, options: GetOptions): ObjectDownload {
  const { record } = object;
  const info = infoOf(record);
  let settle: (result: Result<void, AppError>) => void = () => {};
  const done = new Promise<Result<void, AppError>>((resolve) => {
    settle = resolve;
  });
  const cancelled = (): void => settle(err(callCancelled(context.url)));
  const aborted = (): boolean => options.signal?.aborted === true;
  let started = false;
  const onAbort = (): void => {
    cancelled();
    if (!started) void closeQuietly(context, object.fd);
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    if (aborted()) return;
    started = true;
    let [size, sum] = [0, 0];
    try {
      for await (const chunk of readChunks(context, object.fd, record.size, options.signal)) {
        size += chunk.length;
        sum = crc32c(chunk, sum);
        yield chunk;
      }
      if (!aborted()) settle(proof(context, record, size, sum));
    } catch (error) {
      settle(err(folderError(context.root, `read ${record.name}`, error)));
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      // No effect once the end was reached; otherwise the reader left or its signal aborted.
      cancelled();
    }
  }
  return { info, chunks: chunks(), done };
}

/** Reads the whole object into memory, verified. */
export async function readWhole(
  context: FolderContext,
  object: OpenObject,
  options: GetOptions,
): Answer<{ readonly info: ObjectInfo; readonly bytes: Uint8Array }> {
  const { record } = object;
  // The announced size is only a limit: a sparse file takes no disk space and would take all memory here.
  const limit = Math.min(options.limit ?? WHOLE_LIMIT, WHOLE_LIMIT);
  if (record.size > limit) {
    await closeQuietly(context, object.fd);
    return err(objectTooLarge(context.url, record.name, record.size, limit));
  }
  const bytes = new Uint8Array(record.size);
  let size = 0;
  for await (const chunk of readChunks(context, object.fd, record.size, options.signal)) {
    if (size + chunk.length > bytes.length) return err(bodyDamaged(context.url, record.name, 'read'));
    bytes.set(chunk, size);
    size += chunk.length;
  }
  if (options.signal?.aborted === true) return err(callCancelled(context.url));
  const proved = proof(context, record, size, crc32c(bytes));
  return proved.ok ? ok({ info: infoOf(record), bytes }) : proved;
}

/** True when the object's own bytes exist and are sound. Reads them. */
export async function isSound(context: FolderContext, name: string): Promise<boolean> {
  const opened = await openLive(context, name, undefined);
  if (!opened.ok || opened.value === null) return false;
  const { record, fd } = opened.value;
  return isSame(await measure(context, fd, record.size), record.size, record.crc32c);
}

/** True when the visible file, whoever wrote it, contains exactly these bytes. */
export async function holdsBytes(
  context: FolderContext,
  name: string,
  body: { readonly size: number; readonly crc32c: number },
): Promise<boolean> {
  const fd = await openVisible(context, name);
  if (fd === null || fd === 'foreign') return false;
  return isSame(await measure(context, fd, body.size), body.size, crc32cToBase64(body.crc32c));
}

interface Measure {
  readonly size: number;
  readonly sum: number;
}

async function measure(context: FolderContext, fd: number, expected: number): Promise<Measure> {
  let [size, sum] = [0, 0];
  for await (const chunk of readChunks(context, fd, expected)) {
    size += chunk.length;
    sum = crc32c(chunk, sum);
  }
  return { size, sum };
}

function isSame(found: Measure, size: number, crc: string): boolean {
  return found.size === size && crc32cToBase64(found.sum) === crc;
}

function proof(
  context: FolderContext,
  record: FolderRecord,
  size: number,
  sum: number,
): Result<void, AppError> {
  return isSame({ size, sum }, record.size, record.crc32c)
    ? ok(undefined)
    : err(bodyDamaged(context.url, record.name, 'read'));
}
