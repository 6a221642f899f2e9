import { dirname, join, relative, sep } from 'node:path';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { nameRefused, preconditionFailed } from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { ObjectInfo, CallOptions } from '../../core/ports/object-store.ts';
import { errnoOf } from '../disk/errno.ts';
import { orAbsent } from './folder-calls.ts';
import { makeFolder, type FolderContext } from './folder-context.ts';
import { foldName, nodePath, visiblePath } from './folder-names.ts';
import { foreignFile } from './folder-errors.ts';
import { infoOf, type FolderRecord } from './folder-record.ts';
import { hasBytes, holdsBytes, isSound } from './folder-read.ts';
import {
  makeNode,
  publishOwn,
  publishSlot,
  pruneBelow,
  readTopSlot,
  slotName,
  tooBusy,
  topSlotNumber,
  type Slot,
} from './folder-slots.ts';
import { discardStaged, stageBody, stageRecord, type StageBody, type Staged } from './folder-stage.ts';

/** One conditional write. */
export interface FolderWrite {
  readonly name: string;
  readonly expect: string;
  readonly body: StageBody;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The situation of a write: where the next slot goes, or that it is already done. */
type Standing =
  | { readonly kind: 'go'; readonly top: Slot | null }
  | { readonly kind: 'done'; readonly result: Result<ObjectInfo, AppError> };

const ROUNDS = 20;
/** Up to this many bytes a body is staged before checking: mostly it is needed, and checking twice costs more than so small a file. */
const SMALL = 64 * 1024;
const TAKEN = ['ENOTEMPTY', 'EEXIST'];

/**
 * Compare-and-swap by names: the slot after the live one is created in one step that fails if somebody else created it. A
 * crash at any point leaves the old object or the new one. Throws system errors.
 */
export async function commitWrite(
  context: FolderContext,
  write: FolderWrite,
  options: CallOptions,
): Answer<ObjectInfo> {
  for (let round = 0; round < ROUNDS; round++) {
    if (write.body.size > SMALL) {
      const first = await standing(context, write);
      if (first.kind === 'done') return first.result;
    }
    const staged = await stageBody(context, write.name, write.body, options);
    if (!staged.ok) return staged;
    let isSlot = false;
    try {
      const published = await publishStaged(context, write, staged.value, () => (isSlot = true));
      if (published !== 'lost') return published;
    } finally {
      if (!isSlot) await discardStaged(context, staged.value);
    }
  }
  return err(tooBusy(context, write.name));
}

/**
 * @param onClaimed called when what was staged has become the slot
 * @returns `lost` when what was staged has been pruned by a faster writer and must be staged again
 */
async function publishStaged(
  context: FolderContext,
  write: FolderWrite,
  staged: Staged,
  onClaimed: () => void,
): Promise<Result<ObjectInfo, AppError> | 'lost'> {
  const node = nodePath(context.root, write.name);
  const problem = await makeParents(context, write);
  if (problem !== null) return err(problem);
  for (let round = 0; round < ROUNDS; round++) {
    const now = await standing(context, write);
    if (now.kind === 'done') return now.result;
    // The previous slot's bytes must have their visible name first: see publishSlot.
    if (now.top !== null) await publishSlot(context, now.top);
    else await makeNode(context, node, staged.nonce);
    const record = recordOf(context, write, staged, now.top);
    await stageRecord(context, staged, record, round > 0);
    const slot = {
      number: (now.top?.number ?? 0) + 1,
      path: join(node, slotName((now.top?.number ?? 0) + 1)),
      record,
    };
    const claim = await claimSlot(context, staged, slot);
    if (claim === 'lost') return 'lost';
    if (claim === 'taken') continue;
    onClaimed();
    await publishOwn(context, slot);
    if (now.top !== null && now.top.record.name !== write.name)
      await dropFormerName(context, now.top.record.name, write.name);
    if (slot.number > 1) await pruneBelow(context, node, slot.number);
    return ok(infoOf(record));
  }
  return err(tooBusy(context, write.name));
}

/** Checks the precondition and, if it fails, whether the live object is this very write. */
async function standing(context: FolderContext, write: FolderWrite): Promise<Standing> {
  const { url } = context;
  const read = await readTopSlot(context, write.name);
  if (!read.ok) return { kind: 'done', result: read };
  const top = read.value;
  if (top !== null && top.record.name !== write.name && !(await givesWay(context, write, top)))
    return refused(write.name, `${top.record.name} is there, which many file systems cannot tell from it`);
  const seen = await orAbsent(context.calls.lstat(visiblePath(context.root, write.name)));
  if (seen?.isDirectory() === true) return refused(write.name, 'a folder of that name is there');
  const live = top !== null && (seen !== null || (await hasBytes(context, top))) ? top : null;
  if ((live?.record.generation ?? '0') === write.expect) {
    const foreign = top === null && seen !== null && (await isForeign(context, write));
    return foreign
      ? { kind: 'done', result: err(foreignFile(context.root, write.name)) }
      : { kind: 'go', top };
  }
  const same =
    live !== null &&
    live.record.size === write.body.size &&
    live.record.crc32c === crc32cToBase64(write.body.crc32c);
  // This write's reply was lost, or another machine wrote the same. But only if the bytes really exist.
  if (same && (await isSound(context, write.name))) return { kind: 'done', result: ok(infoOf(live.record)) };
  if (same) return { kind: 'go', top };
  return {
    kind: 'done',
    result: err(preconditionFailed(url, write.name, write.expect, live?.record ?? null)),
  };
}

/** An object whose name folds to the new one yields to a writer that names its generation, or once a person has removed it. */
async function givesWay(context: FolderContext, { expect }: FolderWrite, top: Slot): Promise<boolean> {
  return expect === '0' ? !(await hasBytes(context, top)) : expect === top.record.generation;
}

/** True when the write renames what it replaces. */
async function takesPlace(context: FolderContext, write: FolderWrite): Promise<boolean> {
  const top = await readTopSlot(context, write.name);
  if (!top.ok || top.value === null || top.value.record.name === write.name) return false;
  return await givesWay(context, write, top.value);
}

/**
 * Removes the file of a name that yielded; where the file system folds names it is the new one's, which is respelled. A crash
 * before this leaves a file that belongs to no object.
 */
async function dropFormerName(context: FolderContext, former: string, name: string): Promise<void> {
  const [old, now] = [visiblePath(context.root, former), visiblePath(context.root, name)];
  const [before, after] = [
    await orAbsent(context.calls.lstat(old)),
    await orAbsent(context.calls.lstat(now)),
  ];
  if (before === null || after === null) return;
  // Some network file systems have no inode numbers: then it cannot be determined, and both stay.
  if (before.ino === 0) return;
  if (before.ino === after.ino && before.dev === after.dev) return await context.calls.rename(old, now);
  await context.calls.unlink(old);
  for (let folder = dirname(old); folder !== context.root; folder = dirname(folder)) {
    // The folder is removed with its last name: left empty it would block new names in another spelling.
    const isLast = await orAbsent(context.calls.entries(folder));
    if (isLast?.length !== 0) return;
    await orAbsent(context.calls.rmdir(folder));
  }
}

/** A file not written by us is not replaced, unless it contains exactly these bytes (a bucket copied into the folder). */
async function isForeign(context: FolderContext, { name, body }: FolderWrite): Promise<boolean> {
  if (await holdsBytes(context, name, body)) return false;
  // A first write may have been published between our two checks.
  return (await topSlotNumber(context, nodePath(context.root, name))) === 0;
}

function refused(name: string, problem: string): Standing {
  return { kind: 'done', result: err(nameRefused(name, problem)) };
}

function recordOf(
  context: FolderContext,
  write: FolderWrite,
  staged: Staged,
  top: Slot | null,
): FolderRecord {
  const updated = Math.floor(context.clock.now());
  // Microseconds, like Cloud Storage, so that a store emptied and refilled repeats none; and always greater than the previous
  // one, whatever the clock does.
  const [clocked, after] = [BigInt(updated) * 1000n, BigInt(top?.record.generation ?? '0') + 1n];
  return {
    name: write.name,
    generation: String(clocked > after ? clocked : after),
    size: write.body.size,
    crc32c: crc32cToBase64(write.body.crc32c),
    updated,
    contentType: write.contentType,
    metadata: { ...write.metadata },
    nonce: staged.nonce,
  };
}

/** Makes the prepared folder the slot; `taken` if another writer was first, `lost` if that one has pruned ours meanwhile. */
async function claimSlot(
  context: FolderContext,
  staged: Staged,
  slot: Slot,
): Promise<'ours' | 'taken' | 'lost'> {
  const node = dirname(slot.path);
  try {
    await context.calls.rename(staged.path, slot.path);
  } catch (error) {
    // Windows returns EPERM for a taken name; and by now its owner may have withdrawn or been pruned.
    const taken = TAKEN.includes(errnoOf(error)) || (await orAbsent(context.calls.lstat(slot.path))) !== null;
    if (!taken) throw error;
    // A network file system may have done it, lost the reply and retried: the nonce shows whose it is.
    const ours = await orAbsent(context.calls.lstat(join(slot.path, `${staged.nonce}.bytes`)));
    if (ours === null) return 'taken';
  }
  // Not synced yet: publishSlot does that before the bytes leave it.
  if ((await topSlotNumber(context, node)) === slot.number) return 'ours';
  // We took a number that had been used and pruned. Nobody reads it, because higher ones exist; but whoever created those may be
  // pruning it right now, and then only part of it, or nothing, can be moved back.
  try {
    await context.calls.rename(slot.path, staged.path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return 'lost';
  }
  const bytes = await orAbsent(context.calls.lstat(join(staged.path, `${staged.nonce}.bytes`)));
  return bytes === null ? 'lost' : 'taken';
}

/**
 * Creates the folders above an object; refuses links and files among them, and names that differ only by folding unless the
 * object replaces one.
 */
async function makeParents(context: FolderContext, write: FolderWrite): Promise<AppError | null> {
  const { name } = write;
  const components = name.split('/').slice(0, -1);
  const above = join(context.root, ...components);
  // Each was checked before by this process, so the last one only needs to still exist.
  if (context.safeFolders.has(above) && (await orAbsent(context.calls.lstat(above)))?.isDirectory())
    return null;
  let folder = context.root;
  for (const component of components) {
    const path = join(folder, component);
    let seen = await orAbsent(context.calls.lstat(path));
    if (seen === null) {
      const twin = (await context.calls.entries(folder)).find(
        (entry) => foldName(entry.name) === foldName(component),
      );
      if (twin !== undefined && twin.name !== component && !(await takesPlace(context, write)))
        return nameRefused(
          name,
          `the folder ${twin.name} is there, which many file systems cannot tell from ${component}`,
        );
    }
    if (seen === null || !context.safeFolders.has(path)) await makeFolder(context, path);
    seen ??= await context.calls.lstat(path);
    // A link would redirect the write outside the store.
    if (!seen.isDirectory())
      return nameRefused(name, `${relative(context.root, path).split(sep).join('/')} is not a folder`);
    folder = path;
  }
  return null;
}
