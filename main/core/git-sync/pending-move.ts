import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { MIB, recallState, writeState } from '../files/state-file.ts';
import { isSha } from './journal.ts';
import { git, type TreeRun } from './tree-run.ts';

/**
 * What was pushed instead of the local commits before the work tree followed: a crash came in between, or another session's edits blocked
 * it. The commits up to `old` are on the remote as `new`.
 */
export interface PendingMove {
  readonly branch: string;
  readonly old: string;
  readonly new: string;
}

const sha = v.custom<string>(isSha);
const FORMAT = { schema: v.object({ branch: v.string(), old: sha, new: sha }), maxBytes: MIB };

/** Reads it; null when this branch has none or it is unreadable (then patches are compared instead). */
export async function readPending(run: TreeRun, branch: string): Promise<PendingMove | null> {
  const pending = await recallState(run.deps.files, pendingPath(run), FORMAT, run.deps.logger);
  return pending?.branch === branch ? pending : null;
}

/** Writes it durably, before the push it describes. */
export function writePending(run: TreeRun, pending: PendingMove): Answer<void> {
  return writeState(run.deps.files, pendingPath(run), pending);
}

/** The work tree has followed. */
export function clearPending(run: TreeRun): Answer<void> {
  return run.deps.files.remove(pendingPath(run));
}

/**
 * Whether a pending move still applies to this branch and remote: its commits are part of both.
 * @param head local commit
 * @param upstream commit of the remote
 */
export async function pendingApplies(
  run: TreeRun,
  pending: PendingMove,
  head: string,
  upstream: string,
): Answer<boolean> {
  for (const [ancestor, descendant] of [
    [pending.old, head],
    [pending.new, upstream],
  ] as const) {
    // 128: the object does not exist, because its push never happened and it was cleaned up.
    const answer = await git(run, {
      reads: true,
      args: ['merge-base', '--is-ancestor', ancestor, descendant],
      accept: [1, 128],
    });
    if (!answer.ok) return answer;
    if (answer.value.exitCode !== 0) return ok(false);
  }
  return ok(true);
}

// In the work tree's own git directory: each linked work tree has its own.
function pendingPath(run: TreeRun): string {
  return inFolder(run.repo.gitDir, 'session-log-pending.json');
}
