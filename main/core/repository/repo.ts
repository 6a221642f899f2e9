import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Git } from '../ports/git.ts';
import { below, folderPath } from '../files/folder-path.ts';
import { CONFIG_ARGS, parseConfig, type GitConfig } from './git-config.ts';

/** Paths of one work tree and its repository. */
export interface Repo {
  /** Absolute path of the top of the work tree, links resolved. */
  readonly tree: string;
  /** The work tree's own git directory: HEAD, index, MERGE_HEAD. */
  readonly gitDir: string;
  /** The directory that all work trees of the repository share: objects, refs, the lock. */
  readonly commonDir: string;
  /** The work tree's top as callers may write it: `tree`, and the requested form. */
  readonly names: readonly string[];
  readonly config: GitConfig;
}

const text = new TextDecoder();

/**
 * Finds the repository around a folder, in two parallel processes.
 * @param folder absolute path
 */
export async function locateRepo(
  git: Git,
  folder: string,
  limits: { readonly readMs: number; readonly signal?: AbortSignal | undefined },
): Answer<Repo> {
  const call = {
    cwd: folder,
    reads: true,
    deadlineMs: limits.readMs,
    signal: limits.signal,
  };
  const [places, settings] = await Promise.all([
    git.run({
      ...call,
      args: [
        'rev-parse',
        '--is-bare-repository',
        '--is-inside-work-tree',
        '--path-format=absolute',
        '--git-dir',
        '--git-common-dir',
        '--show-toplevel',
        '--show-prefix',
      ],
    }),
    git.run({ ...call, args: CONFIG_ARGS }),
  ]);
  if (!places.ok) return places;
  if (!settings.ok) return settings;
  const [, inside, gitDir, commonDir, tree, prefix, ...more] = text.decode(places.value.stdout).split('\n');
  if (inside !== 'true' || !gitDir || !commonDir || !tree || prefix === undefined || more.length > 1) {
    return fail(
      'not-configured',
      `${folder} lies in a git directory, not in a workspace.`,
      'Name a folder of the workspace with --workspace <folder>.',
      { details: { folder } },
    );
  }
  const named = folderPath(folder);
  const inner = prefix.replace(/\/$/, '');
  const alias = inner === '' ? named : named.endsWith(`/${inner}`) ? named.slice(0, -inner.length - 1) : tree;
  return ok({
    tree,
    gitDir,
    commonDir,
    names: [...new Set([tree, alias])],
    config: parseConfig(settings.value.stdout),
  });
}

/** A path relative to the work tree's top; null when it is absolute and outside. */
export function relativeTo(repo: Repo, path: string): string | null {
  if (!isAbsolute(path)) return path.replaceAll('\\', '/');
  const wanted = folderPath(path);
  for (const name of repo.names) {
    const inner = below(name, wanted);
    if (inner !== null) return inner;
  }
  return null;
}

/** True for `/x`, `C:\x`, `C:/x` and `\\server\share`. */
export function isAbsolute(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
}
