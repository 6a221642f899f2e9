import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { gitCause } from '../ports/git.ts';
import { diffPaths, isPresent, type PathDiff } from './diff-paths.ts';
import type { ArrivedLogs } from './git-sync-deps.ts';
import type { OwedNotes } from './journal.ts';
import type { Arrival } from './report.ts';
import { isSessionLog } from '../../../shared/domain/session-log-path.ts';
import type { NoteCommit } from '../../../shared/domain/note-banner.ts';
import { git, textOf, type TreeRun } from './tree-run.ts';

/** Filters added or changed session logs from all differences. */
export function arrivedLogs(diffs: readonly PathDiff[]): readonly string[] {
  return diffs.filter((diff) => isPresent(diff.new) && isSessionLog(diff.path)).map(({ path }) => path);
}

/** The result of collecting notes from ranges. */
export interface Collected {
  /** The hook's output. */
  readonly given: readonly unknown[];
  readonly arrived: Arrival | null;
  /** Ranges with something unreadable or unstored this time, for the next run. */
  readonly again: readonly OwedNotes[];
}

/**
 * Passes arrived logs to the notes hook. The journal keeps a range until its notes are collected, so a crash in between only delays them.
 * Never fails a sync: a failing hook is a warning, and so is an unreadable log, which does not affect the others.
 */
export async function collectNotes(run: TreeRun, ranges: readonly OwedNotes[]): Promise<Collected> {
  const given: unknown[] = [];
  const again: OwedNotes[] = [];
  let arrived: Arrival | null = null;
  for (const { from, to } of ranges) {
    const diffs = await diffPaths(run, from, to);
    if (!diffs.ok) {
      run.warnings.push(`Notes could not be looked for: ${diffs.error.message}`);
      again.push({ from, to });
    }
    const paths = diffs.ok ? arrivedLogs(diffs.value) : [];
    arrived = { from, to, logs: paths };
    if (paths.length === 0) continue;
    const failed = new Map<string, AppError>();
    const read: ArrivedLogs['read'] = async (path, at) => {
      const blob = await readBlob(run, at === 'from' ? from : to, path);
      if (!blob.ok) failed.set(path, blob.error);
      return blob;
    };
    const commitOf = (path: string): Promise<NoteCommit | null> => lastCommit(run, from, to, path);
    const arrivedHere = { tree: run.repo.tree, paths, from, to, read, commitOf };
    const collected = await run.deps.hooks?.collectNotes?.(arrivedHere);
    if (collected?.ok) given.push(...collected.value);
    else if (collected) run.warnings.push(`Notes could not be collected: ${collected.error.message}`);
    for (const [path, error] of failed) run.warnings.push(unreadWarning(path, error));
    const isLasting = [...failed.values()].every(isTooLarge);
    if (collected?.ok === false || !isLasting) again.push({ from, to });
  }
  return { given, arrived, again };
}

/** A log beyond git's output limit will be so next time. */
function isTooLarge(error: AppError): boolean {
  return gitCause(error) === 'output-limit';
}

function unreadWarning(path: string, error: AppError): string {
  return isTooLarge(error)
    ? `${path} is too large to be looked through for notes: read it yourself.`
    : `Notes in ${path} could not be read, and are looked for again next time: ${error.message}`;
}

/** Longer names are cut: anybody may commit under any name. */
const NAME_LIMIT = 100;

async function lastCommit(run: TreeRun, from: string, to: string, path: string): Promise<NoteCommit | null> {
  const answer = await git(run, {
    reads: true,
    args: ['--literal-pathspecs', 'log', '-1', '--format=%h%x00%an', `${from}..${to}`, '--', path],
    accept: [128],
  });
  const [hash = '', author = ''] = answer.ok ? textOf(answer.value).trim().split('\0') : [];
  return hash === '' ? null : { hash, author: author.slice(0, NAME_LIMIT) };
}

async function readBlob(run: TreeRun, commit: string, path: string): Answer<Uint8Array | null> {
  const answer = await git(run, {
    reads: true,
    args: ['cat-file', 'blob', `${commit}:${path}`],
    accept: [128],
  });
  if (!answer.ok) return answer;
  return ok(answer.value.exitCode === 0 ? answer.value.stdout : null);
}
