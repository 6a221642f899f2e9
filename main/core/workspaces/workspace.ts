import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { folderPath, inFolder, nameOf, parentOf } from '../files/folder-path.ts';

/** Where whole session logs are kept: a git work tree, or this machine's data folder. */
export interface LogHome {
  readonly kind: 'workspace' | 'data-folder';
  /** Absolute, `/`-separated. */
  readonly root: string;
  readonly name: string;
}

/** A git work tree, for saving. */
export interface Workspace extends LogHome {
  readonly kind: 'workspace';
  /** Roots whose `.claude/identity.json` applies to this tree, nearest first: its own and, of a linked work tree, its main tree's. */
  readonly identityRoots: readonly string[];
}

type GitEntry =
  | { readonly kind: 'tree' }
  | { readonly kind: 'linked'; readonly mainRoot: string | null }
  | { readonly kind: 'submodule' };

/**
 * Finds the work tree around a folder by searching upwards for `.git`, without running git: a save must not cost a process. Inside a
 * submodule it is the tree around it, because there the team's `.claude` and `session-logs` are.
 * @param from absolute path of an existing folder
 * @returns null when it is in no work tree
 */
export async function findWorkspace(files: Files, from: string): Answer<Workspace | null> {
  let submodule: string | null = null;
  for (let folder: string | null = folderPath(from); folder !== null; folder = parentOf(folder)) {
    const entry = await gitEntry(files, folder);
    if (!entry.ok) return entry;
    if (entry.value === null) continue;
    if (entry.value.kind === 'submodule') {
      submodule ??= folder;
      continue;
    }
    const main = entry.value.kind === 'linked' ? entry.value.mainRoot : null;
    return ok(workspaceAt(folder, main));
  }
  // A submodule whose outer tree is unreachable (a container that mounts only it) stands for itself.
  return ok(submodule === null ? null : workspaceAt(submodule, null));
}

/**
 * Chooses a command's workspace: the named one, else the one around the current folder, else the only registered one.
 * @param named `--workspace`, absolute; null when not given
 * @param registered `git.workspaces` of the settings
 */
export async function chooseWorkspace(
  files: Files,
  cwd: string,
  named: string | null,
  registered: readonly string[],
): Answer<Workspace> {
  const around = await findWorkspace(files, named ?? cwd);
  if (!around.ok) return around;
  if (around.value !== null) return ok(around.value);
  const [only, ...more] = registered;
  if (named === null && only !== undefined && more.length === 0) {
    const single = await findWorkspace(files, only);
    if (!single.ok) return single;
    if (single.value !== null) return ok(single.value);
  }
  return fail(
    'not-configured',
    `${named ?? cwd} is not inside a git repository.`,
    registered.length > 1
      ? `Name the workspace: --workspace <folder>. Registered are ${registered.join(', ')}.`
      : 'Change into a workspace, or name one: --workspace <folder>.',
    { details: { folder: named ?? cwd } },
  );
}

/** Whether a folder is the top of a separate git tree: its content is not part of the tree around it. */
export async function isOwnTree(files: Files, folder: string): Promise<boolean> {
  const entry = await gitEntry(files, folder);
  return entry.ok && entry.value !== null;
}

function workspaceAt(root: string, mainRoot: string | null): Workspace {
  const identityRoots = mainRoot === null || mainRoot === root ? [root] : [root, mainRoot];
  return { kind: 'workspace', root, name: nameOf(root), identityRoots };
}

async function gitEntry(files: Files, folder: string): Answer<GitEntry | null> {
  const path = inFolder(folder, '.git');
  const facts = await files.stat(path);
  // An unreadable parent is no work tree of ours; the walk continues.
  if (!facts.ok) return facts.error.code === 'denied' ? ok(null) : facts;
  if (facts.value === null) return ok(null);
  // Some tools make `.git` a link to a folder in a shared repository.
  if (facts.value.kind !== 'file') return ok({ kind: 'tree' });
  const head = await files.readHead(path, 8_192);
  if (!head.ok) return head;
  const target = /^gitdir: (.+)$/m
    .exec(new TextDecoder().decode(head.value ?? new Uint8Array()))?.[1]
    ?.trim();
  if (target === undefined) return ok(null);
  const gitDir = resolveFrom(folder, folderPath(target));
  if (/\/modules\/[^/]/.test(gitDir)) return ok({ kind: 'submodule' });
  const common = /^(.*)\/worktrees\/[^/]+$/.exec(gitDir)?.[1];
  if (common === undefined) return ok({ kind: 'tree' });
  return ok({ kind: 'linked', mainRoot: nameOf(common) === '.git' ? parentOf(common) : null });
}

function resolveFrom(folder: string, target: string): string {
  if (target.startsWith('/') || /^[A-Za-z]:\//.test(target)) return target;
  let base = folder;
  let rest = target;
  while (rest.startsWith('../') || rest.startsWith('./')) {
    if (rest.startsWith('../')) base = parentOf(base) ?? base;
    rest = rest.slice(rest.indexOf('/') + 1);
  }
  return inFolder(base, rest);
}
