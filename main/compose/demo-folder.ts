import type { Dirent } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appError, type AppError, fail, type Answer } from '../../shared/app-error.ts';
import { err, ok } from '../../shared/result.ts';

/** What the demo creates in its folder, and all that it removes there. */
const MADE = ['machines', 'workspaces', 'remotes', 'store', 'store.unplugged'];
/** Marks a folder as a demo. Created first and removed last, so that an interrupted demo can be removed too. */
const MARKER = 'session-log-demo.json';
const MARK = 'session-log demo';

/** Absolute paths of a demo's parts. */
export interface DemoFolder {
  readonly root: string;
  readonly machines: string;
  readonly workspaces: string;
  /** Bare repositories. */
  readonly remotes: string;
  readonly store: string;
  /** Disconnects the store, as if unplugged, and reconnects it. */
  unplug(): Promise<void>;
  plugIn(): Promise<void>;
}

/**
 * Creates a demo's folder, replacing an earlier demo in it.
 * @param folder absolute path; default a new temporary folder
 * @returns `invalid-input` for a folder with any other content
 */
export async function makeDemoFolder(folder?: string): Answer<DemoFolder> {
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'session-log-demo-')));
  const names = await namesIn(root);
  if (names === null)
    return fail(
      'invalid-input',
      `${root} is not a folder.`,
      'Name a folder that is empty or does not exist yet.',
    );
  if (names.includes(MARKER)) {
    const removed = await removeDemoFolder(root);
    if (!removed.ok) return removed;
    if (removed.value.left.length > 0) return err(notEmpty(root));
  } else if (names.length > 0) return err(notEmpty(root));
  await mkdir(root, { recursive: true });
  await writeFile(join(root, MARKER), `${JSON.stringify({ made_by: MARK, holds: MADE }, null, 2)}\n`);
  const store = join(root, 'store');
  const away = join(root, 'store.unplugged');
  return ok({
    root,
    machines: join(root, 'machines'),
    workspaces: join(root, 'workspaces'),
    remotes: join(root, 'remotes'),
    store,
    unplug: () => rename(store, away),
    plugIn: () => rename(away, store),
  });
}

/**
 * Removes a demo: what it created, and its folder if then empty.
 * @param root absolute path
 * @returns names of foreign files, which stay; `invalid-input` when the folder is not a demo
 */
export async function removeDemoFolder(root: string): Answer<{ readonly left: readonly string[] }> {
  if (!(await isDemo(root)))
    return fail(
      'invalid-input',
      `${root} is not a demo, so nothing in it was touched.`,
      'Name the folder that `session-log demo --keep` or `--home` printed.',
    );
  for (const name of MADE) await removeTree(join(root, name));
  await rm(join(root, MARKER));
  const left = (await namesIn(root)) ?? [];
  if (left.length === 0) await rmdir(root);
  return ok({ left });
}

async function isDemo(root: string): Promise<boolean> {
  try {
    const marker: unknown = JSON.parse(await readFile(join(root, MARKER), 'utf8'));
    return (marker as { readonly made_by?: unknown } | null)?.made_by === MARK;
  } catch {
    return false;
  }
}

/** Names in a folder; empty when absent, null when it is no folder. */
async function namesIn(root: string): Promise<readonly string[] | null> {
  try {
    return await readdir(root);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : null;
  }
}

/** Copies of other machines' logs are in read-only folders, which all but root must make writable first. */
async function removeTree(path: string): Promise<void> {
  const open = async (folder: string): Promise<void> => {
    await chmod(folder, 0o700);
    const entries: readonly Dirent[] = await readdir(folder, { withFileTypes: true });
    for (const entry of entries) if (entry.isDirectory()) await open(join(folder, entry.name));
  };
  const facts = await lstat(path).catch(() => null);
  if (facts?.isDirectory()) await open(path);
  await rm(path, { recursive: true, force: true });
}

function notEmpty(root: string): AppError {
  return appError(
    'invalid-input',
    `${root} is not empty, and what lies in it was not touched.`,
    'Name a folder that is empty or does not exist yet.',
  );
}
