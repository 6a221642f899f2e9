import { type AppError, fail } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import type { GitSyncRequest } from './git-sync-deps.ts';
import { isGarbled } from './garbled.ts';
import { relativeTo, type Repo } from '../repository/repo.ts';
import { isSessionLog } from '../../../shared/domain/session-log-path.ts';
import type { StatusEntry, TreeStatus } from './status.ts';
import { plural } from '../../../shared/format/amount.ts';

/** The dirty paths a run may commit. */
/** With `removals`, also deleted files. */
export type Own =
  | { readonly all: true; readonly removals: boolean }
  | { readonly all: false; readonly paths: readonly string[] };

/**
 * Assigns a run's own paths to its trees, and refuses invalid ones.
 * @param trees workspace first; relative paths start at its top
 * @returns one {@link Own} per tree; `invalid-input` otherwise
 */
export function assignOwn(
  own: GitSyncRequest['own'],
  trees: readonly Repo[],
): Result<readonly Own[], AppError> {
  if (own === 'all' || own === 'present')
    return ok(trees.map(() => ({ all: true, removals: own === 'all' })));
  const lists = trees.map(() => new Set<string>());
  for (const path of own) {
    // The longest match, for a vault inside the workspace.
    const full = fromTop(trees, path);
    const places = trees
      .map((repo, at) => ({ at, depth: repo.tree.length, inner: relativeTo(repo, full) }))
      .filter(({ inner }) => inner !== null)
      .sort((one, other) => other.depth - one.depth);
    const place = places[0];
    const inner = place?.inner?.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '') ?? null;
    const problem = inner === null ? 'it lies in none of the workspaces' : pathProblem(inner);
    if (problem !== null || !place || inner === null) {
      return fail(
        'invalid-input',
        `${quote(path)} cannot be synced: ${problem ?? 'it is not a path'}.`,
        `Name files inside ${trees.map(({ tree }) => tree).join(' or ')}.`,
        { details: { path } },
      );
    }
    lists[place.at]?.add(inner);
  }
  return ok(lists.map((paths) => ({ all: false, paths: [...paths] })));
}

/** Maps an absolute path to the first tree's spelling if it is inside; other trees may be in there. */
function fromTop(trees: readonly Repo[], path: string): string {
  const [first] = trees;
  const inner = first === undefined ? null : relativeTo(first, path);
  return first === undefined || inner === null ? path : inFolder(first.tree, inner.replace(/^(?:\.\/)+/, ''));
}

function pathProblem(path: string): string | null {
  if (path === '' || path === '.') return 'it names the whole tree (use --all for that)';
  if (path.includes('\0')) return 'it holds a NUL';
  const names = path.split('/');
  if (names.some((name) => name === '..' || name === '.' || name === '')) return 'it leaves its folder';
  if (names.some((name) => name.toLowerCase() === '.git')) return 'it lies in a git directory';
  if (isGarbled(path)) return 'its name is a garbled Windows path';
  return null;
}

/** What a run commits, and what it reports as left out. */
export interface Selection {
  /** Paths to commit, in the order of `git status`. */
  readonly commit: readonly string[];
  /** Those that git does not track yet. */
  readonly untracked: readonly string[];
  /** Dirty session logs that are not ours. */
  readonly othersUncommitted: readonly string[];
  /** How many other dirty files stay so. */
  readonly leftUncommitted: number;
  /** Own paths that `git status` omits: clean, ignored, or absent. */
  readonly silent: readonly string[];
  readonly warnings: readonly string[];
}

/** Selects dirty paths to commit. Pure. */
export function selectOwn(status: TreeStatus, own: Own): Selection {
  const commit: string[] = [];
  const untracked: string[] = [];
  const othersUncommitted: string[] = [];
  const warnings: string[] = [];
  let left = 0;
  const owns = ownMatcher(own);
  const spoken = new Set<string>();
  for (const entry of status.entries) {
    const matches = owns(entry.path);
    for (const match of matches) spoken.add(match);
    if (!own.all && matches.length === 0) {
      if (isSessionLog(entry.path) && !isRemoval(entry)) othersUncommitted.push(entry.path);
      else left++;
      continue;
    }
    const reason = whyNot(entry, own);
    if (reason !== null) {
      if (reason !== '') warnings.push(`${entry.path} was left alone: ${reason}.`);
      continue;
    }
    commit.push(entry.path);
    if (entry.kind === 'untracked') untracked.push(entry.path);
  }
  if (own.all && status.unreadable > 0) {
    warnings.push(`${plural(status.unreadable, 'file')} left alone: no UTF-8 in the name.`);
  }
  const silent = own.all ? [] : own.paths.filter((path) => !spoken.has(path));
  return { commit, untracked, othersUncommitted, leftUncommitted: left, silent, warnings };
}

/** For a path: own paths that equal it or a folder above it. `['']` for everything. */
function ownMatcher(own: Own): (path: string) => readonly string[] {
  if (own.all) return () => [''];
  const named = new Set(own.paths);
  return (path) => {
    const matches: string[] = [];
    for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1)) {
      const candidate = path.slice(0, at);
      if (named.has(candidate)) matches.push(candidate);
    }
    return matches;
  };
}

/** Why an own entry is not committed; `''` when that needs no words, null when it is. */
function whyNot(entry: StatusEntry, own: Own): string | null {
  if (isGarbled(entry.path)) return entry.kind === 'untracked' ? '' : 'its name is a garbled Windows path';
  if (entry.kind === 'untracked')
    return entry.path.endsWith('/') ? 'it is a git repository of its own' : null;
  if (entry.submodule && !own.all) return 'it is a submodule';
  // A vanished log is no decision to delete it: it may have been moved by mistake, or be in transit.
  if (isRemoval(entry) && !(own.all && own.removals))
    return 'it is gone here; `git rm` or --all passes that on';
  return null;
}

function isRemoval(entry: StatusEntry): boolean {
  return entry.unstaged === 'D' || (entry.staged === 'D' && entry.unstaged === '.');
}
