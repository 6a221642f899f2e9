import { dirname, join, relative, sep } from 'node:path';
import type { AppError } from '../../../shared/app-error.ts';
import { crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { nameRefused, preconditionFailed } from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
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
import {
  discardStaged,
  stageBody,
  stageRecord,
  type StageBody,
  type Staged,
  type StageOptions,
} from './folder-stage.ts';

/** One conditional write. */
export interface FolderWrite {
  readonly name: string;
  readonly expect: string;
  readonly body: StageBody;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a write found: where the next slot goes, or the answer that it already has. */
type Standing =
  | { readonly kind: 'go'; readonly top: Slot | null }
  | { readonly kind: 'done'; readonly result: Result<ObjectInfo, AppError> };

const ROUNDS = 20;
/** Bytes up to which a body is prepared before anybody looks: mostly it is wanted, and looking twice costs more than so small a file. */
const SMALL = 64 * 1024;
const TAKEN = ['ENOTEMPTY', 'EEXIST'];

/**
 * Compare-and-swap by names: the slot after the live one is made in one step that fails when somebody else made it. A crash
 * anywhere leaves the old object or the new one. Throws what the system throws.
 */
export async function commitWrite(
  context: FolderContext,
  write: FolderWrite,
  options: StageOptions,
): Promise<Result<ObjectInfo, AppError>> {
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
 * @param onClaimed told when what was staged has become the slot
 * @returns `lost` when what was staged has been pruned by a writer that was faster: it has to be staged again
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
    // The bytes of the slot before must have their visible name first: see publishSlot.
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

/** Looks whether the precondition holds, and when not, whether the live object is this very write. */
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
  // The reply of this write was lost, or another machine wrote the same. But only if the bytes are truly there.
  if (same && (await isSound(context, write.name))) return { kind: 'done', result: ok(infoOf(live.record)) };
  if (same) return { kind: 'go', top };
  return {
    kind: 'done',
    result: err(preconditionFailed(url, write.name, write.expect, live?.record ?? null)),
  };
}

/** An object whose name folds to the new one gives way to a writer that names its generation, or when a person has removed it. */
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
 * Takes away the file of a name that gave way; where the file system folds names it is the new one's, which gets the new spelling.
 * A crash before this leaves a file that belongs to no object.
 */
async function dropFormerName(context: FolderContext, former: string, name: string): Promise<void> {
  const [old, now] = [visiblePath(context.root, former), visiblePath(context.root, name)];
  const [before, after] = [
    await orAbsent(context.calls.lstat(old)),
    await orAbsent(context.calls.lstat(now)),
  ];
  if (before === null || after === null) return;
  // Some network file systems number no files: then nobody can tell, and both stay.
  if (before.ino === 0) return;
  if (before.ino === after.ino && before.dev === after.dev) return await context.calls.rename(old, now);
  await context.calls.unlink(old);
  for (let folder = dirname(old); folder !== context.root; folder = dirname(folder)) {
    // The folder goes with the last name in it: left empty it would refuse new names in its other spelling.
    const isLast = await orAbsent(context.calls.entries(folder));
    if (isLast?.length !== 0) return;
    await orAbsent(context.calls.rmdir(folder));
  }
}

/** A file that no write of ours made is not replaced, unless it holds these very bytes (a bucket that was copied into the folder). */
async function isForeign(context: FolderContext, { name, body }: FolderWrite): Promise<boolean> {
  if (await holdsBytes(context, name, body)) return false;
  // A first write may have been published between our two looks.
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
  // Microseconds, as Cloud Storage counts, so that a store that was emptied and filled again repeats none; and always more than
  // the one before, whatever a clock does.
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

/** Makes the prepared folder the slot; `taken` when another writer was first, `lost` when that one has pruned ours meanwhile. */
async function claimSlot(
  context: FolderContext,
  staged: Staged,
  slot: Slot,
): Promise<'ours' | 'taken' | 'lost'> {
  const node = dirname(slot.path);
  try {
    await context.calls.rename(staged.path, slot.path);
  } catch (error) {
    // Windows says EPERM for a name that is taken; and by now the one who took it may have withdrawn or been pruned.
    const taken = TAKEN.includes(errnoOf(error)) || (await orAbsent(context.calls.lstat(slot.path))) !== null;
    if (!taken) throw error;
    // A network file system may have done it, lost the answer and asked again: the nonce tells whose it is.
    const ours = await orAbsent(context.calls.lstat(join(slot.path, `${staged.nonce}.bytes`)));
    if (ours === null) return 'taken';
  }
  // Not synced yet: publishSlot does that before the bytes leave it.
  if ((await topSlotNumber(context, node)) === slot.number) return 'ours';
  // We took a number that was used and pruned before. Nobody reads it, because higher ones are there; but whoever made those may be
  // pruning it right now, and then nothing or only a part of it comes back.
  try {
    await context.calls.rename(slot.path, staged.path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return 'lost';
  }
  const bytes = await orAbsent(context.calls.lstat(join(staged.path, `${staged.nonce}.bytes`)));
  return bytes === null ? 'lost' : 'taken';
}

/** Makes the folders above an object; refuses links and files among them, and twins unless the object is leaving such a one. */
async function makeParents(context: FolderContext, write: FolderWrite): Promise<AppError | null> {
  const { name } = write;
  const components = name.split('/').slice(0, -1);
  const above = join(context.root, ...components);
  // Looked at one by one before, by this process; what one sees is then whether it is still there.
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
    // A link would lead the write out of the store.
    if (!seen.isDirectory())
      return nameRefused(name, `${relative(context.root, path).split(sep).join('/')} is not a folder`);
    folder = path;
  }
  return null;
}
