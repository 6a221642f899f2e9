import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { locateRepo } from '../git-sync/repo.ts';
import { saveManifest } from './manifest.ts';
import { lastMigration, type MigrateDeps } from './migrate.ts';
import { readCall } from './read-history.ts';
import { retrackLogs } from './untrack.ts';

export interface UndoReport {
  readonly repo: string;
  /** Copies that were taken away again. */
  readonly removed: readonly string[];
  /** Copies that were changed since and stay. */
  readonly kept: readonly string[];
  /** The commit that tracks the logs again; null when the migration had not taken them out of git. */
  readonly commit: string | null;
}

/** Undoes the newest migration of a repository: git first, so that every log is in one of the two places at any moment. */
export async function undoMigration(
  deps: MigrateDeps,
  folder: string,
): Promise<Result<UndoReport, AppError>> {
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
  const [removed, kept]: [string[], string[]] = [[], []];
  for (const { target, sha256 } of manifest.value.files) {
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
    ...manifest.value,
    undone: new Date(deps.clock.now()).toISOString(),
  });
  return saved.ok ? ok({ repo: tree, removed, kept, commit }) : saved;
}
