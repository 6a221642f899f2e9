import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { gitCause } from '../ports/git.ts';
import { arrivedLogs, collectNotes } from './arrivals.ts';
import { authorOf, commitOwn } from './commit-own.ts';
import { committedFiles } from './committed-files.ts';
import { diffPaths } from './diff-paths.ts';
import { dropTemporary } from './drop-temporary.ts';
import { exchange, type Exchanged } from './exchange.ts';
import type { OwedNotes } from './journal.ts';
import { readJournal } from './journal.ts';
import { holdSecrets } from './hold-secrets.ts';
import { whyLeftOut } from './left-out.ts';
import { behindWarning, moveTree, overtaken } from './move-tree.ts';
import { selectOwn, type Own, type Selection } from './own-paths.ts';
import { clearPending, readPending, writePending } from './pending-move.ts';
import { preflight, type OnBranch } from './preflight.ts';
import { reconcileIdentity } from './reconcile-identity.ts';
import { repair, recover } from './recover.ts';
import { emptyReport, stateOf, type TreeReport } from './report.ts';
import { rescueGarbled } from './rescue-garbled.ts';
import { parseStatus, STATUS_ARGS, type TreeStatus } from './status.ts';
import { git, someOf, type TreeRun } from './tree-run.ts';
import { findUpstream, type Upstream } from './upstream.ts';

/** The report in progress. */
type Draft = { -readonly [Key in keyof TreeReport]: TreeReport[Key] };

/** Most restarts for somebody who commits by hand at the very moment of the move. */
const STARTS = 3;
/** Ranges kept for the next run: a permanently unreadable log must not make the journal grow without end. */
const OWED_RANGES = 20;

/**
 * One sync of one tree, under its lock. The report says what happened even when a later step failed; an error is returned only when the run
 * must stop at once and without a report (`lock-lost`, `cancelled`).
 */
export async function syncTree(run: TreeRun, role: TreeReport['role'], own: Own): Answer<TreeReport> {
  const draft: Draft = { ...emptyReport(role, run.repo.tree), warnings: run.warnings };
  const again: OwedNotes[] = [];
  const done = await steps(run, own, draft, again);
  if (done.ok) {
    const cleared = await run.journal.clear();
    // A journal of these only: the next run retries them.
    const owed = cleared.ok && again.length > 0 ? await run.journal.owe(again.slice(-OWED_RANGES)) : cleared;
    if (!owed.ok) run.warnings.push(owed.error.message);
    return ok(draft);
  }
  if (done.error.code === 'lock-lost') return done;
  await repairAfter(run, done.error);
  if (done.error.code === 'cancelled') return done;
  draft.problem = done.error;
  draft.state = stateOf(done.error);
  return ok(draft);
}

/** @param again receives the ranges whose notes the next run must retry */
async function steps(run: TreeRun, own: Own, draft: Draft, again: OwedNotes[]): Answer<void> {
  const inherited = await recover(run);
  if (!inherited.ok) return inherited;
  const looked = await look(run, draft);
  if (!looked.ok) return looked;
  const { status, place } = looked.value;
  const upstream = await findUpstream(run, place.branch);
  if (!upstream.ok) return upstream;
  const named = await reconcileIdentity(run);
  if (!named.ok) return named;
  const rescued = await rescueGarbled(run, status);
  if (!rescued.ok) return rescued;
  draft.rescued = rescued.value;
  const wanted: Own = own.all
    ? own
    : { all: false, paths: [...new Set([...own.paths, ...inherited.value.paths])] };
  const committed = await commit(run, draft, wanted, status, place);
  if (!committed.ok) return committed;
  const leftOut = committed.value;
  if (upstream.value === null) {
    run.warnings.push(`${run.repo.tree} has no remote to push to: it is kept on this machine alone.`);
    draft.state = draft.commit ? 'local' : 'nothing';
    return leftOut === null ? ok(undefined) : err(leftOut);
  }
  const ranges = [...inherited.value.owed];
  if (ranges.length > 0) {
    const owed = await run.journal.owe(ranges);
    if (!owed.ok) return owed;
  }
  const level = draft.commit === null && status.levelWith === upstream.value.tracking ? place.head : null;
  const exchanged = await exchangeAndMove(
    run,
    draft,
    { upstream: upstream.value, branch: place.branch, level },
    ranges,
  );
  if (!exchanged.ok) return exchanged;
  const notes = await collectNotes(run, ranges);
  draft.notes = notes.given;
  again.push(...notes.again);
  // What a killed run pulled arrives now, for the reader.
  draft.arrived ??= notes.arrived;
  draft.state = draft.commit || draft.push || draft.arrived ? 'synced' : 'nothing';
  return leftOut === null ? ok(undefined) : err(leftOut);
}

interface Looked {
  readonly status: TreeStatus;
  readonly place: OnBranch;
}

async function look(run: TreeRun, draft: Draft): Answer<Looked> {
  const answer = await git(run, { reads: true, args: STATUS_ARGS });
  if (!answer.ok) return answer;
  const told = parseStatus(answer.value.stdout);
  if (told === null)
    return fail('io', 'git status ended without its answer.', 'Run the command again.', { transient: true });
  const status = await dropTemporary(run, told);
  draft.branch = status.branch;
  const place = await preflight(run.deps.files, run.repo, status);
  return place.ok ? ok({ status, place: place.value }) : place;
}

async function commit(
  run: TreeRun,
  draft: Draft,
  own: Own,
  first: TreeStatus,
  place: OnBranch,
): Answer<AppError | null> {
  let status = first;
  let leftOut: AppError | null = null;
  for (let start = 1; ; start++) {
    const selected = selectOwn(status, own);
    const { selection, held } =
      draft.role === 'vault' ? { selection: selected, held: null } : await holdSecrets(run, selected);
    if (start === 1) {
      run.warnings.push(...selection.warnings);
      draft.othersUncommitted = selection.othersUncommitted;
      draft.leftUncommitted = selection.leftUncommitted;
      leftOut = await speakFirst(run, selection);
    }
    leftOut = held ?? leftOut;
    const made = await commitOwn(run, selection, place.head);
    if (!made.ok) return made;
    if (made.value === 'nothing') return ok(leftOut);
    if (made.value !== 'vanished') {
      const described = await describeCommit(run, draft, made.value.subject);
      return described.ok ? ok(leftOut) : described;
    }
    if (start >= STARTS) return err(filesKeepVanishing(run, selection));
    const again = await look(run, draft);
    if (!again.ok) return again;
    status = again.value.status;
  }
}

/**
 * Reports, before anything is committed, what will not be.
 * @returns own paths that a person must resolve; reported at the end, when all else is done
 */
async function speakFirst(run: TreeRun, selection: Selection): Promise<AppError | null> {
  const tree = run.repo.tree;
  if (selection.othersUncommitted.length > 0)
    run.request.onProgress?.({ phase: 'others-uncommitted', tree, paths: selection.othersUncommitted });
  if (selection.commit.length > 0)
    run.request.onProgress?.({ phase: 'committing', tree, files: selection.commit.length });
  return whyLeftOut(run, selection.silent);
}

async function describeCommit(run: TreeRun, draft: Draft, subject: string): Answer<void> {
  const committed = await committedFiles(run);
  if (!committed.ok) return committed;
  const { name, email } = authorOf(run);
  draft.commit = { sha: committed.value.sha, subject, author: `${name} <${email}>` };
  draft.files = committed.value.files;
  return ok(undefined);
}

/** The ends to be synced. */
interface Ends {
  readonly upstream: Upstream;
  readonly branch: string;
  /** The commit both ends are known to name; null when they differ. */
  readonly level: string | null;
}

/** Fetches, pushes and updates the tree; restarts when somebody commits by hand meanwhile. */
async function exchangeAndMove(
  run: TreeRun,
  draft: Draft,
  { upstream, branch, level }: Ends,
  ranges: OwedNotes[],
): Answer<void> {
  for (let start = 1; start <= STARTS; start++) {
    const pending = await readPending(run, branch);
    const exchanged = await exchange(run, upstream, branch, pending, start === 1 ? level : null);
    if (!exchanged.ok) return exchanged;
    const { head, target, push } = exchanged.value;
    draft.push = push === null ? draft.push : { ...push, old: draft.push?.old ?? push.old };
    // On a restart our commit is on the remote already, and the tip is somebody else's.
    if (draft.commit && push && start === 1) draft.commit = { ...draft.commit, sha: target };
    if (head === target) return pending === null ? ok(undefined) : clearPending(run);
    const moved = await follow(run, draft, branch, exchanged.value, ranges);
    if (!moved.ok) return moved;
    if (moved.value === 'done') return ok(undefined);
  }
  return err(overtaken(run));
}

/** Moves the work tree to the remote's commit. */
async function follow(
  run: TreeRun,
  draft: Draft,
  branch: string,
  { head, target, arrived }: Exchanged,
  ranges: OwedNotes[],
): Answer<'done' | 'overtaken'> {
  const diffs = await diffPaths(run, head, target);
  if (!diffs.ok) return diffs;
  if (arrived) {
    draft.arrived = { ...arrived, logs: arrivedLogs(diffs.value) };
    ranges.push(arrived);
    const owed = await run.journal.owe(ranges);
    if (!owed.ok) return owed;
  }
  const moved = await moveTree(run, head, target, diffs.value);
  if (!moved.ok) return moved;
  if (moved.value.kind === 'overtaken') return ok('overtaken');
  if (moved.value.kind === 'moved') {
    const cleared = await clearPending(run);
    return cleared.ok ? ok('done') : cleared;
  }
  run.warnings.push(behindWarning(target, moved.value.why));
  // Even when nothing of ours was pushed: the next run then knows what was shown already.
  const noted = await writePending(run, { branch, old: head, new: target });
  return noted.ok ? ok('done') : noted;
}

/** After a git of ours was killed: repairs at once what the next run would repair, so that nobody meets it before. */
async function repairAfter(run: TreeRun, error: AppError): Promise<void> {
  const cause = gitCause(error);
  const forced = cause === 'killed' || cause === 'deadline' || cause === 'silence' || cause === 'cancelled';
  if (forced) {
    const journal = await readJournal(run.deps.files, run.repo.commonDir);
    const dead = journal.ok && journal.value !== 'torn' ? journal.value : null;
    // The request is cancelled; its signal would cancel the repair too.
    const { signal: _, ...request } = run.request;
    if (dead) {
      const repaired = await repair({ ...run, request }, dead);
      if (!repaired.ok) {
        run.warnings.push(repaired.error.message);
        return;
      }
    }
  }
  const cleared = await run.journal.clear();
  if (!cleared.ok) run.warnings.push(cleared.error.message);
}

function filesKeepVanishing(run: TreeRun, selection: Selection): AppError {
  return appError(
    'attention',
    `${run.repo.tree} was not committed: files to commit (${someOf(selection.commit)}) vanish while it is done.`,
    'Sync again when the program that moves them has ended.',
    { transient: true, details: { tree: run.repo.tree } },
  );
}
