import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { diffPaths, isPresent, type PathDiff } from './diff-paths.ts';
import type { OwedNotes } from './journal.ts';
import { isSessionLog } from './session-log-path.ts';
import { git, type TreeRun } from './tree-run.ts';

/** Session logs that were added or changed, out of all differences. */
export function arrivedLogs(diffs: readonly PathDiff[]): readonly string[] {
  return diffs.filter((diff) => isPresent(diff.new) && isSessionLog(diff.path)).map(({ path }) => path);
}

/**
 * Shows the notes hook what arrived. The journal remembers a range until its notes are collected, so a crash in between only delays them.
 * Never fails a sync: a hook that fails is a warning.
 * @returns what the hook gave
 */
export async function collectNotes(run: TreeRun, ranges: readonly OwedNotes[]): Promise<readonly unknown[]> {
  const hook = run.deps.hooks?.collectNotes;
  if (!hook) return [];
  const notes: unknown[] = [];
  for (const { from, to } of ranges) {
    const diffs = await diffPaths(run, from, to);
    const paths = diffs.ok ? arrivedLogs(diffs.value) : [];
    if (!diffs.ok) run.warnings.push(`Notes could not be looked for: ${diffs.error.message}`);
    if (paths.length === 0) continue;
    const read = (path: string, at: 'from' | 'to'): Promise<Result<Uint8Array | null, AppError>> =>
      readBlob(run, at === 'from' ? from : to, path);
    const collected = await hook({ tree: run.repo.tree, paths, from, to, read });
    if (collected.ok) notes.push(...collected.value);
    else run.warnings.push(`Notes could not be collected: ${collected.error.message}`);
  }
  return notes;
}

async function readBlob(
  run: TreeRun,
  commit: string,
  path: string,
): Promise<Result<Uint8Array | null, AppError>> {
  const answer = await git(run, {
    reads: true,
    args: ['cat-file', 'blob', `${commit}:${path}`],
    accept: [128],
  });
  if (!answer.ok) return answer;
  return ok(answer.value.exitCode === 0 ? answer.value.stdout : null);
}
