import { fail, type Answer } from '../../../shared/app-error.ts';
import type { LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** The cache is read-only for everybody: files 0400, folders 0500 except while being written. */
export const CACHE_FILE_MODE = 0o400;
const SEALED_FOLDER = 0o500;
const OPEN_FOLDER = 0o700;

/** Absolute path of a cached log. */
export function cachePath(deps: Pick<SyncDeps, 'paths'>, machine: MachineUuid, path: LogPath): string {
  return `${deps.paths.cache}/${machine}/${path}`;
}

/**
 * Makes the folders of a cached log writable, and seals them afterwards. Names come from the store, so the folder must really be in the
 * cache once every link is resolved.
 */
export async function withOpenFolder<T>(
  deps: Pick<SyncDeps, 'files' | 'paths'>,
  machine: MachineUuid,
  path: LogPath,
  write: () => Answer<T>,
): Answer<T> {
  const folders = foldersOf(`${machine}/${path}`).map((folder) => `${deps.paths.cache}/${folder}`);
  for (const folder of [deps.paths.cache, ...folders]) {
    const opened = await deps.files.setMode(folder, OPEN_FOLDER);
    if (!opened.ok && opened.error.code !== 'not-found') return opened;
    const made = await deps.files.makeFolder(folder);
    if (!made.ok) return made;
  }
  const last = folders.at(-1) ?? deps.paths.cache;
  if (!(await deps.files.isWithin(last, deps.paths.cache))) {
    return fail(
      'invalid-input',
      `The cache folder ${last} leads out of the cache by a symbolic link.`,
      'Remove the link; the logs can be pulled again.',
    );
  }
  return write();
}

/** Makes the folders of a machine's cache read-only again. Best effort: an unsealed cache is still checked by digest. */
export async function sealCache(
  deps: Pick<SyncDeps, 'files' | 'paths'>,
  logs: readonly { readonly machine: MachineUuid; readonly path: LogPath }[],
): Promise<void> {
  const folders = new Set(logs.flatMap(({ machine, path }) => foldersOf(`${machine}/${path}`)));
  for (const folder of [...folders].sort((a, b) => b.length - a.length))
    await deps.files.setMode(`${deps.paths.cache}/${folder}`, SEALED_FOLDER);
}

/** Reads a cached log and verifies that it is still as pulled. Null when it is not cached. */
export async function readCached(
  deps: Pick<SyncDeps, 'files' | 'paths' | 'bytes'>,
  machine: MachineUuid,
  path: LogPath,
  sha256: string,
): Answer<Uint8Array | null> {
  const content = await deps.files.read(cachePath(deps, machine, path));
  if (!content.ok || content.value === null) return content;
  if (deps.bytes.sha256(content.value) === sha256) return ok(content.value);
  return fail(
    'corrupt',
    `The cached copy of ${path} was changed after it was pulled.`,
    `Pull it again: session-log sync --pull --machine ${machine.slice(0, 8)} --path "${path}"`,
  );
}

/** `a/b/c.md` -> `a`, `a/b`. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
