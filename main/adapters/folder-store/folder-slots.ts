import { dirname, join } from 'node:path';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { errnoOf } from '../disk/errno.ts';
import { orAbsent } from './folder-calls.ts';
import {
  makeFolder,
  makeShared,
  readSmall,
  removeOwnFolder,
  renamePatiently,
  syncFolder,
  type FolderContext,
  type ReadContext,
} from './folder-context.ts';
import { nodePath, stagingPath, visiblePath } from './folder-names.ts';
import { decodeRecord, MAX_RECORD_BYTES, RECORD_FILE, type FolderRecord } from './folder-record.ts';

/**
 * The writes of one object are slots 1, 2, 3… below its node. A slot appears in one step (a prepared folder is renamed to its
 * number, which fails when that number is taken), holds the record and, until they got their visible name, the bytes. The highest
 * slot is the live one. docs/stores.md proves why no two writers of one generation can both succeed.
 */
export interface Slot {
  readonly number: number;
  readonly path: string;
  readonly record: FolderRecord;
}

const READ_ATTEMPTS = 20;

/** The name of a slot's folder. */
export function slotName(number: number): string {
  return String(number).padStart(10, '0');
}

/** Where a slot's bytes are until they are published. */
export function stagedPath(slot: Slot): string {
  return join(slot.path, `${slot.record.nonce}.bytes`);
}

/** Returns the highest slot number of an object; 0 when it was never written. */
export async function topSlotNumber(context: ReadContext, node: string): Promise<number> {
  let top = 0;
  for (const entry of (await orAbsent(context.calls.entries(node))) ?? []) {
    if (/^\d{10}$/.test(entry.name)) top = Math.max(top, Number(entry.name));
  }
  return top;
}

/**
 * Returns the live slot of the node that `name` folds to; null when it was never written. Its record may have another
 * spelling of the name.
 */
export async function readTopSlot(context: ReadContext, name: string): Answer<Slot | null> {
  const node = nodePath(context.root, name);
  let number = await topSlotNumber(context, node);
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
    if (number === 0) return ok(null);
    const path = join(node, slotName(number));
    const bytes = await readSmall(context, join(path, RECORD_FILE), MAX_RECORD_BYTES);
    if (bytes !== null) {
      const record = decodeRecord(bytes);
      return record === null ? err(unreadable(context, path)) : ok({ number, path, record });
    }
    // Pruned by a newer write meanwhile: then a higher slot exists by now.
    const again = await topSlotNumber(context, node);
    if (again === number) return err(unreadable(context, path));
    number = again;
  }
  return err(tooBusy(context, name));
}

/**
 * Gives a slot's bytes their visible name, if they do not have it yet. Any machine may do it for any other. The bytes of a slot
 * move once, and slot n + 1 is only created after those of slot n have moved: so the visible file never goes back.
 */
export async function publishSlot(context: FolderContext, slot: Slot): Promise<void> {
  if ((await orAbsent(context.calls.lstat(stagedPath(slot)))) === null) return;
  // The slot must be on disk before its bytes leave it; its writer may not have got that far.
  const node = dirname(slot.path);
  await syncFolder(context, dirname(node));
  await syncFolder(context, node);
  if (await moveBytes(context, slot)) await syncVisible(context, slot);
}

/** {@link publishSlot} for the slot that this writer has just moved out of the staging folder. */
export async function publishOwn(context: FolderContext, slot: Slot): Promise<void> {
  // A rename is durable once one of its two folders is synced: those of the node and of the slot by syncing this one, which writers
  // share.
  await syncFolder(context, stagingPath(context.root));
  await moveBytes(context, slot);
  // Also if a helper moved the bytes: it may not have synced them, and we are about to report them as durable.
  await syncVisible(context, slot);
}

/** False when somebody else has moved them. */
async function moveBytes(context: FolderContext, slot: Slot): Promise<boolean> {
  try {
    await renamePatiently(context, stagedPath(slot), visiblePath(context.root, slot.record.name));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    if ((await orAbsent(context.calls.lstat(stagedPath(slot)))) !== null) throw error;
    return false;
  }
  return true;
}

/** Syncs the visible name of an object. */
function syncVisible(context: FolderContext, slot: Slot): Promise<void> {
  return syncFolder(context, dirname(visiblePath(context.root, slot.record.name)));
}

/**
 * Moves the folder for an object's records out of the staging folder: it is durable once that folder is synced, or synced at once if
 * somebody else created it and may not have got that far. The same goes for the folders above it, which exist for another object mostly.
 */
export async function makeNode(context: FolderContext, node: string, nonce: string): Promise<void> {
  const made = join(stagingPath(context.root), `${nonce}.node`);
  await makeFolder(context, dirname(node));
  await makeShared(context, made);
  try {
    await context.calls.rename(made, node);
  } catch (error) {
    await removeOwnFolder(context, made);
    if ((await orAbsent(context.calls.lstat(node)))?.isDirectory() !== true) throw error;
    await syncFolder(context, dirname(node));
  }
}

/** Removes the slots below `number`: their bytes are replaced, and their numbers are never reused. Never fails. */
export async function pruneBelow(context: FolderContext, node: string, number: number): Promise<void> {
  for (const entry of (await orAbsent(context.calls.entries(node))) ?? []) {
    if (/^\d{10}$/.test(entry.name) && Number(entry.name) < number)
      await removeOwnFolder(context, join(node, entry.name));
  }
}

/** This object is written so often that no quiet moment was found. */
export function tooBusy(context: ReadContext, name: string): AppError {
  return appError('server', `${name} in ${context.url} keeps being rewritten.`, 'Sync again in a moment.');
}

function unreadable(context: ReadContext, path: string): AppError {
  return appError(
    'corrupt',
    `A record of the store in ${context.root} cannot be read: ${path}.`,
    'If another program syncs this folder, let it finish; otherwise move that folder away and push the log again.',
    { details: { path } },
  );
}
