import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { appError, type AppError, fail, type Answer } from '../../shared/app-error.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { quote } from '../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeRandom } from '../adapters/system/node-random.ts';
import type { Clock, Random } from '../core/ports/clock.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { DataPaths } from '../core/files/data-paths.ts';
import { lazyStore } from './lazy-store.ts';
import { storePlaceProblem } from './store-place.ts';
import { userHome } from './user-home.ts';

interface StoreParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Where logs may be stored, as a setting says it. */
export type StorePlace =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'folder'; readonly root: string }
  | { readonly kind: 'gcs'; readonly bucket: string; readonly prefix: string };

/** Reads `store.url`: empty, `file:///folder` or `gs://bucket[/prefix]`. */
export function parseStoreUrl(url: string): Result<StorePlace, AppError> {
  if (url === '') return ok({ kind: 'embedded' });
  const bucket = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:\/(.*))?$/.exec(url);
  if (bucket) {
    const prefix = (bucket[2] ?? '').replaceAll(/^\/+|\/+$/g, '');
    return ok({ kind: 'gcs', bucket: bucket[1] as string, prefix });
  }
  if (url.startsWith('file:///')) {
    try {
      return ok({ kind: 'folder', root: fileURLToPath(url) });
    } catch {
      // Falls through to the common answer for invalid stores.
    }
  }
  return fail(
    'invalid-input',
    `${quote(url)} is not a valid store address.`,
    'Use gs://BUCKET, gs://BUCKET/PREFIX or file:///FOLDER; empty is the folder inside the data folder.',
    { details: { field: 'store.url' } },
  );
}

/**
 * Opens the configured store on first use.
 * @param create create a folder store's missing marker: only for the command that connects a new folder
 */
export function openStore(
  settings: Settings['store'],
  paths: DataPaths,
  parts: StoreParts,
  create = false,
): Result<ObjectStore, AppError> {
  const place = parseStoreUrl(settings.url);
  if (!place.ok) return place;
  if (place.value.kind === 'gcs') return ok(openBucket(place.value, settings, paths, parts));
  const embedded = place.value.kind === 'embedded';
  const root = place.value.kind === 'folder' ? place.value.root : paths.store;
  const misplaced = embedded ? null : storePlaceProblem(root, paths);
  if (misplaced !== null) return err(misplaced);
  // The demo simulates separate machines and store.
  const sameDisk = embedded || (!existsSync(paths.playedMachine) && onSameDisk(root, paths.home));
  return ok(
    lazyStore({ url: pathToFileURL(root).href, sameDisk, statesRecords: true }, async () =>
      ok(await openFolder(root, { create: embedded || create, isPrivate: embedded, sameDisk }, parts)),
    ),
  );
}

async function openFolder(
  root: string,
  kind: { readonly create: boolean; readonly isPrivate: boolean; readonly sameDisk: boolean },
  { clock, random }: Pick<StoreParts, 'clock' | 'random'>,
): Promise<ObjectStore> {
  const { createFolderObjectStore } = await import('../adapters/folder-store/folder-object-store.ts');
  return createFolderObjectStore({ root, ...kind, clock, random });
}

function openBucket(
  place: Extract<StorePlace, { kind: 'gcs' }>,
  settings: Settings['store'],
  paths: DataPaths,
  parts: StoreParts,
): ObjectStore {
  const url = `gs://${place.bucket}${place.prefix === '' ? '' : `/${place.prefix}`}`;
  return lazyStore({ url, sameDisk: false }, async () => {
    const { createGcsObjectStore } = await import('../adapters/gcs/gcs-object-store.ts');
    return ok(
      createGcsObjectStore({
        bucket: place.bucket,
        prefix: place.prefix,
        credentials: {
          ...(settings.credentials === '' ? {} : { file: settings.credentials }),
          ...(settings.impersonate === '' ? {} : { impersonate: settings.impersonate }),
        },
        ...(settings.endpoint === '' ? {} : { apiEndpoint: settings.endpoint }),
        dataFolder: paths.home,
        environment: withHome(process.env),
        ...parts,
      }),
    );
  });
}

/** HOME from the system where the environment lacks it. */
function withHome(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const home = env['HOME'] ?? userHome();
  return home === null ? env : { ...env, HOME: home };
}

/** How a person specified a store's folder. */
export interface ConnectOptions {
  /** The data folder that will use it. */
  readonly paths: DataPaths;
  /** Create a missing folder: a person said so. */
  readonly createFolder: boolean;
}

/**
 * Makes a folder a store: its marker tells a store from the empty mount point of an absent share.
 * @param root absolute path
 * @returns `invalid-input` for a folder that cannot be the store, `not-found` for an absent one
 */
export async function connectFolderStore(
  root: string,
  { paths, createFolder }: ConnectOptions,
): Answer<void> {
  const misplaced = storePlaceProblem(root, paths);
  if (misplaced !== null) return err(misplaced);
  // Below an unmounted share it would be a folder of this disk.
  if (!createFolder && !existsSync(root)) return err(noFolder(root));
  const store = await openFolder(
    root,
    { create: true, isPrivate: false, sameDisk: false },
    { clock: createNodeClock(), random: createNodeRandom() },
  );
  const probe = await store.probe();
  await store.close();
  return probe.ok ? ok(undefined) : probe;
}

/** Compares devices of the nearest existing folders; unknown counts as another disk only if we could look. */
function onSameDisk(root: string, home: string): boolean {
  const [a, b] = [deviceOf(root), deviceOf(home)];
  return a !== null && a === b;
}

function deviceOf(path: string): number | null {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      return statSync(folder).dev;
    } catch {
      if (dirname(folder) === folder) return null;
    }
  }
}

function noFolder(root: string): AppError {
  return appError(
    'not-found',
    `There is no folder ${quote(root)}.`,
    `Mount the share it lies on, or say that it is to be made: \`session-log config set --create store.url "${pathToFileURL(root).href}"\`.`,
    { details: { field: 'store.url', path: root } },
  );
}
