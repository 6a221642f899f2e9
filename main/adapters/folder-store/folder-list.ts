import { join } from 'node:path';
import type { Answer } from '../../../shared/app-error.ts';
import { compareObjectNames } from '../../../shared/domain/object-name.ts';
import { ok } from '../../../shared/result.ts';
import type { ListPage, ObjectInfo } from '../../core/ports/object-store.ts';
import { orAbsent } from './folder-calls.ts';
import type { ReadContext } from './folder-context.ts';
import { folderNameProblem, foldName, nodePath, RECORDS_FOLDER, visiblePath } from './folder-names.ts';
import { infoOf } from './folder-record.ts';
import { readTopSlot, stagedPath, topSlotNumber, type Slot } from './folder-slots.ts';

export interface ListRequest {
  readonly prefix: string;
  /** Names after this one; empty for all. */
  readonly after: string;
  readonly size: number;
}

/** One folder of the visible tree. */
interface Folder {
  /** Relative to the root, empty or with a slash at its end. */
  readonly path: string;
  readonly entries: readonly { readonly name: string; readonly isFolder: boolean }[];
}

/**
 * What a listing leaves for its next page: the folder in which it stopped, which would otherwise be read and sorted for each page. As with
 * any store, what is written or removed meanwhile may be in the listing or not.
 */
export interface ListState {
  resume: (Folder & { readonly token: string }) | null;
}

/** Records read concurrently; more would only queue on Node's thread pool. */
const WIDTH = 32;

/**
 * Lists one page of objects, ordered by UTF-8 bytes. The visible tree is walked (so a file removed by a person is not listed) and
 * each file's record is read (so a file not written by us is not an object).
 */
export async function listFolder(
  context: ReadContext,
  request: ListRequest,
  signal: AbortSignal,
): Answer<ListPage> {
  const { resume } = context.listing;
  context.listing.resume = null;
  const known = resume?.token === request.after ? resume : null;
  const objects: ObjectInfo[] = [];
  let last: Folder | null = null;
  for await (const { folder, names } of walk(context, '', request, known)) {
    last = folder;
    for (let at = 0; at < names.length && objects.length <= request.size && !signal.aborted; at += WIDTH) {
      const batch = names.slice(at, at + WIDTH);
      for (const found of await Promise.all(batch.map((name) => objectAt(context, name)))) {
        if (!found.ok) return found;
        if (found.value !== null) objects.push(found.value);
      }
    }
    if (objects.length > request.size || signal.aborted) break;
  }
  const page = objects.slice(0, request.size);
  const token = page.at(-1)?.name;
  if (objects.length === page.length || token === undefined) return ok({ objects: page });
  context.listing.resume = last && { ...last, token };
  return ok({ objects: page, nextPageToken: token });
}

/** Files of one folder, in order, some at a time; skips folders that cannot contain a requested name. */
async function* walk(
  context: ReadContext,
  path: string,
  request: Pick<ListRequest, 'prefix' | 'after'>,
  known: Folder | null,
): AsyncGenerator<{ readonly folder: Folder; readonly names: readonly string[] }, void, undefined> {
  const { prefix, after } = request;
  const folder = known?.path === path ? known : { path, entries: await sortedEntries(context, path) };
  // Where the page before did not end in here, all of it is behind.
  const afterHere = after.startsWith(path) ? after.slice(path.length) : '';
  let names: string[] = [];
  for (const { name, isFolder } of folder.entries) {
    const full = path + name;
    const isBehind = compareObjectNames(name, afterHere) > 0;
    if (!isFolder) {
      if (isBehind && full.startsWith(prefix)) names.push(full);
      continue;
    }
    const mayHold = full.startsWith(prefix) || prefix.startsWith(full);
    if (!mayHold || !(isBehind || afterHere.startsWith(name))) continue;
    yield { folder, names };
    names = [];
    yield* walk(context, full, request, known);
  }
  yield { folder, names };
}

/** Files and folders, as their names sort in the store. */
async function sortedEntries(context: ReadContext, path: string): Promise<Folder['entries']> {
  const entries = (await orAbsent(context.calls.entries(join(context.root, ...path.split('/'))))) ?? [];
  return (
    entries
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .filter((entry) => path !== '' || foldName(entry.name) !== RECORDS_FOLDER)
      // A folder sorts with its slash: "a-b" before "a/b" before "a0".
      .map((entry) => {
        const isFolder = entry.isDirectory();
        return { name: isFolder ? `${entry.name}/` : entry.name, isFolder };
      })
      .sort((a, b) => compareObjectNames(a.name, b.name))
  );
}

/** The record, except for the size: the file's own costs nothing extra and reveals truncation. */
async function asOnDisk(context: ReadContext, slot: Slot): Promise<ObjectInfo> {
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
async function objectAt(context: ReadContext, path: string): Answer<ObjectInfo | null> {
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
