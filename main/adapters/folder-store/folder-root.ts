import { constants } from 'node:fs';
import { join } from 'node:path';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { orAbsent } from './folder-calls.ts';
import {
  closeQuietly,
  makeFolder,
  nonce,
  readSmall,
  removeOwnFolder,
  renamePatiently,
  syncFolder,
  writeNew,
  type FolderContext,
} from './folder-context.ts';
import { folderError, notMounted } from './folder-errors.ts';
import { markerPath, RECORDS_FOLDER, stagingPath } from './folder-names.ts';

const SCHEMA = 1;
const STALE_STAGING_MS = 7 * 24 * 3600 * 1000;

/** Checks before each call whether the store is available: an unmounted share looks like an empty folder. */
export interface FolderRoot {
  check(): Answer<void>;
}

/**
 * @param create creates the folder and its marker when missing; without it a missing marker is `offline`, so that a sync
 * with the share not mounted never fills the mount point
 */
export function createFolderRoot(context: FolderContext, create: boolean): FolderRoot {
  let known = false;
  let swept = false;

  async function check(): Answer<void> {
    const { calls, root } = context;
    try {
      if (known && (await orAbsent(calls.lstat(markerPath(root)))) !== null) return ok(undefined);
      const bytes = await readSmall(context, markerPath(root), 4096);
      if (bytes === null && create) await makeStore(context);
      else if (bytes === null)
        return err(notMounted(root, (await orAbsent(calls.lstat(root))) === null ? 'folder' : 'marker'));
      else {
        const problem = markerProblem(root, bytes);
        if (problem !== null) return err(problem);
      }
      known = true;
      if (!swept) await sweepStaging(context);
      swept = true;
      return ok(undefined);
    } catch (error) {
      return err(folderError(root, 'look for the store', error));
    }
  }
  return { check };
}

function markerProblem(root: string, bytes: Uint8Array): AppError | null {
  let schema: unknown;
  try {
    const marker: unknown = JSON.parse(new TextDecoder().decode(bytes));
    schema = typeof marker === 'object' && marker !== null && 'schema' in marker ? marker.schema : undefined;
  } catch {
    schema = undefined;
  }
  if (schema === SCHEMA) return null;
  if (typeof schema === 'number' && schema > SCHEMA)
    return appError(
      'not-configured',
      `The store in ${root} was made by a newer Session Log (layout ${schema}).`,
      'Update Session Log on this machine.',
    );
  return appError(
    'corrupt',
    `The marker of the store in ${root} (${RECORDS_FOLDER}/store.json) cannot be read.`,
    `Restore it from a backup, or write {"schema":${SCHEMA}} into it if the folder is the right one.`,
  );
}

async function makeStore(context: FolderContext): Promise<void> {
  const { root, calls } = context;
  const records = join(root, RECORDS_FOLDER);
  await makeFolder(context, join(records, 'objects'));
  await makeFolder(context, stagingPath(root));
  const temporary = join(stagingPath(root), `${nonce(context)}.json`);
  const marker = { schema: SCHEMA, created: new Date(context.clock.now()).toISOString() };
  const fd = await writeNew(context, temporary, new TextEncoder().encode(`${JSON.stringify(marker)}\n`));
  try {
    await calls.fsync(fd);
  } finally {
    await closeQuietly(context, fd);
  }
  // Two machines may do this at once; both markers are equal, so the last may stay.
  await renamePatiently(context, temporary, markerPath(root));
  await syncFolder(context, records);
}

/** Removes the leftovers of writers that died at least a week ago. */
async function sweepStaging(context: FolderContext): Promise<void> {
  const { calls, root, clock } = context;
  const staging = stagingPath(root);
  for (const entry of (await orAbsent(calls.entries(staging))) ?? []) {
    const path = join(staging, entry.name);
    try {
      const facts = await calls.lstat(path);
      if (clock.now() - facts.mtimeMs < STALE_STAGING_MS) continue;
      // Renamed in one step first: a writer that wakes up after all must not publish half of what is left.
      const dead = join(staging, `${nonce(context)}.dead`);
      await calls.rename(path, dead);
      if (facts.isDirectory()) await removeOwnFolder(context, dead);
      else await calls.unlink(dead);
    } catch {
      // Somebody else swept it, or we lack permission; either way it is not an object.
    }
  }
}

/** True when this user can write: proved by doing it, because permissions on network shares are unreliable. */
export async function provesWritable(context: FolderContext): Answer<boolean> {
  const path = join(stagingPath(context.root), `${nonce(context)}.probe`);
  try {
    const fd = await context.calls.open(
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
      0o666,
    );
    await closeQuietly(context, fd);
    await context.calls.unlink(path);
    return ok(true);
  } catch (error) {
    const failure = folderError(context.root, 'write a probe', error);
    return failure.code === 'denied' ? ok(false) : err(failure);
  }
}
