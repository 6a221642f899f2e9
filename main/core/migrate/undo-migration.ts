import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { locateRepo } from '../repository/repo.ts';
import { saveManifest, type Manifest } from './manifest.ts';
import { lastMigration, type MigrateDeps } from './migrate.ts';
import { readCall } from './read-history.ts';
import { retrackLogs } from './untrack.ts';

export interface UndoReport {
  readonly repo: string;
  /** Removed copies. */
  readonly removed: readonly string[];
  /** Copies changed since, which stay. */
  readonly kept: readonly string[];
  /** The commit that tracks the logs again; null when the migration had not removed them from git. */
  readonly commit: string | null;
}

/**
 * Removes all copies of a repository made without touching git, from the newest migration back to one that did. Leaves git as it is.
 * @param tree top of the work tree, as git names it or as a manifest does
 * @returns `not-found` when there is none, `attention` when the newest migration also removed the logs from git
 */
export async function undoCopies(
  deps: MigrateDeps,
  tree: string,
): Answer<Pick<UndoReport, 'removed' | 'kept'>> {
  const [removed, kept]: [string[], string[]] = [[], []];
  for (let round = 0; ; round++) {
    const manifest = await lastMigration(deps, tree);
    if (round > 0 && !manifest.ok && manifest.error.code === 'not-found') break;
    if (!manifest.ok) return manifest;
    if (manifest.value.untracked !== null) {
      if (round > 0) break;
      return fail(
        'attention',
        'The last migration of this repository also took its logs out of git.',
        'Undo it in a terminal, because that makes a commit: session-log migrate --undo',
      );
    }
    const undone = await takeAway(deps, manifest.value);
    if (!undone.ok) return undone;
    removed.push(...undone.value.removed);
    kept.push(...undone.value.kept);
  }
  return ok({ removed, kept });
}

/** Undoes a repository's newest migration: git first, so that every log is in one of the two places at any moment. */
export async function undoMigration(deps: MigrateDeps, folder: string): Answer<UndoReport> {
  const repo = await locateRepo(deps.git, folder, { readMs: 60_000 });
  if (!repo.ok) return repo;
  const { tree, commonDir } = repo.value;
  const manifest = await lastMigration(deps, tree);
  if (!manifest.ok) return manifest;
  let commit: string | null = null;
  if (manifest.value.untracked) {
    const head = await deps.git.run(readCall(tree, ['rev-parse', 'HEAD']));
    if (!head.ok) return head;
    const retracked = await retrackLogs(deps, {
      tree,
      commonDir,
      head: new TextDecoder().decode(head.value.stdout).trim(),
      untracked: manifest.value.untracked,
    });
    if (!retracked.ok) return retracked;
    commit = retracked.value;
  }
  const taken = await takeAway(deps, manifest.value);
  return taken.ok ? ok({ repo: tree, ...taken.value, commit }) : taken;
}

/** Removes unchanged copies, and marks the manifest as undone. */
async function takeAway(deps: MigrateDeps, manifest: Manifest): Answer<Pick<UndoReport, 'removed' | 'kept'>> {
  const [removed, kept]: [string[], string[]] = [[], []];
  for (const { target, sha256 } of manifest.files) {
    const path = `${deps.paths.sessionLogs}/${target}`;
    const measured = await deps.files.measure(path);
    if (!measured.ok) return measured;
    if (measured.value === null) continue;
    if (measured.value.sha256 !== sha256) {
      kept.push(target);
      continue;
    }
    const gone = await deps.files.remove(path);
    if (!gone.ok) return gone;
    removed.push(target);
  }
  const saved = await saveManifest(deps.files, deps.paths.migrations, {
    ...manifest,
    undone: new Date(deps.clock.now()).toISOString(),
  });
  return saved.ok ? ok({ removed, kept }) : saved;
}
