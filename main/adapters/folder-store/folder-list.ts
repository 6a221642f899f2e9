import { join } from 'node:path';
import type { AppError } from '../../../shared/app-error.ts';
import { compareObjectNames } from '../../../shared/domain/object-name.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { ListPage, ObjectInfo } from '../../core/ports/object-store.ts';
import { orAbsent } from './folder-calls.ts';
import type { FolderContext } from './folder-context.ts';
import { folderNameProblem, foldName, nodePath, RECORDS_FOLDER, visiblePath } from './folder-names.ts';
import { infoOf } from './folder-record.ts';
import { readTopSlot, stagedPath, topSlotNumber, type Slot } from './folder-slots.ts';

export interface ListRequest {
  readonly prefix: string;
  /** Names after this one; empty for all. */
  readonly after: string;
  readonly size: number;
}

/** Records read concurrently; more would only queue on Node's thread pool. */
const WIDTH = 32;

/**
 * Lists one page of objects, ordered by UTF-8 bytes. The visible tree is walked (so a file removed by a person is not listed) and
 * each file's record is read (so a file not written by us is not an object).
 */
export async function listFolder(
  context: FolderContext,
  request: ListRequest,
  signal: AbortSignal,
): Promise<Result<ListPage, AppError>> {
  const objects: ObjectInfo[] = [];
  const names = walk(context, '', request);
  for (let ended = false; !ended && objects.length <= request.size && !signal.aborted;) {
    const batch: string[] = [];
    while (batch.length < WIDTH && !ended) {
      const next = await names.next();
      if (next.done === true) ended = true;
      else batch.push(next.value);
    }
    for (const found of await Promise.all(batch.map((name) => objectAt(context, name)))) {
      if (!found.ok) return found;
      if (found.value !== null) objects.push(found.value);
    }
  }
  const page = objects.slice(0, request.size);
  const last = page.at(-1)?.name;
  return ok(
    objects.length > page.length && last !== undefined
      ? { objects: page, nextPageToken: last }
      : { objects: page },
  );
}

/** Relative paths of files, in order, skipping folders that cannot contain a requested name. */
async function* walk(
  context: FolderContext,
  above: string,
  request: ListRequest,
): AsyncGenerator<string, void, undefined> {
  const { prefix, after } = request;
  const entries = (await orAbsent(context.calls.entries(join(context.root, ...above.split('/'))))) ?? [];
  const here = entries
    .filter((entry) => above !== '' || foldName(entry.name) !== RECORDS_FOLDER)
    // A folder sorts with its slash: "a-b" before "a/b" before "a0".
    .map((entry) => ({ entry, name: above + entry.name + (entry.isDirectory() ? '/' : '') }))
    .sort((a, b) => compareObjectNames(a.name, b.name));
  for (const { entry, name } of here) {
    if (entry.isDirectory()) {
      const mayHold = name.startsWith(prefix) || prefix.startsWith(name);
      const isBehind = compareObjectNames(name, after) > 0 || after.startsWith(name);
      if (mayHold && isBehind) yield* walk(context, name, request);
    } else if (entry.isFile() && name.startsWith(prefix) && compareObjectNames(name, after) > 0) yield name;
  }
}

/** The record, except for the size: the file's own costs nothing extra and reveals truncation. */
async function asOnDisk(context: FolderContext, slot: Slot): Promise<ObjectInfo> {
  const info = infoOf(slot.record);
  const seen = await orAbsent(context.calls.lstat(visiblePath(context.root, info.name)));
  if (seen === null || seen.size === info.size) return info;
  // Bytes still in their slot are the object's, and the visible file belongs to the previous write; or a newer write has just
  // happened.
  const staged = await orAbsent(context.calls.lstat(stagedPath(slot)));
  const newest = await topSlotNumber(context, nodePath(context.root, info.name));
  return staged !== null || newest !== slot.number ? info : { ...info, size: seen.size };
}

/** The object whose visible file this is; null for a file that is not ours. */
async function objectAt(context: FolderContext, path: string): Promise<Result<ObjectInfo | null, AppError>> {
  if (folderNameProblem(path) !== null) return ok(null);
  const top = await readTopSlot(context, path);
  // One unreadable record must not hide all the others; reading that object reports the problem.
  if (!top.ok) return top.error.code === 'corrupt' ? ok(null) : top;
  if (top.value === null) return ok(null);
  const { record } = top.value;
  if (record.name === path) return ok(await asOnDisk(context, top.value));
  // A file system that folds names may show another spelling than it was given: it is ours if the inode matches, else foreign.
  const [one, two] = await Promise.all(
    [record.name, path].map((name) => orAbsent(context.calls.lstat(visiblePath(context.root, name)))),
  );
  return ok(one && two && one.ino === two.ino && one.dev === two.dev ? infoOf(record) : null);
}
