import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { gitCause } from '../ports/git.ts';
import { inFolder } from '../files/folder-path.ts';
import { headOf } from './commit-own.ts';
import { isPresent, isSubmodule, type PathDiff } from './diff-paths.ts';
import { transferReport } from './transfer-report.ts';
import { fieldsOf, git, nulList, someOf, textOf, type TreeRun } from './tree-run.ts';

/**
 * - `moved`: index, files and branch are at the new commit
 * - `behind`: another session's files block it, nothing was touched; the next run retries
 * - `overtaken`: somebody committed to the branch meanwhile; the branch is theirs, and the run restarts from it
 */
export type Moved =
  | { readonly kind: 'moved' }
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'behind'; readonly why: Blocked };

/** Why a tree cannot follow, and what has to happen first. */
export interface Blocked {
  readonly what: string;
  readonly step: string;
}

/**
 * Moves the user's tree from one commit to another. Files that others have changed or staged and that are equal in both stay exactly as
 * they are, in the index too. (`git reset --keep` would unstage them: it resets the index in a second pass.) The branch moves last and only
 * from `old`, so a commit made meanwhile is never dropped.
 * @param diffs the differences between the two
 */
export async function moveTree(
  run: TreeRun,
  old: string,
  target: string,
  diffs: readonly PathDiff[],
): Answer<Moved> {
  const blocked = await unknownInTheWay(run, diffs);
  if (!blocked.ok) return blocked;
  if (blocked.value.length > 0) return ok({ kind: 'behind', why: strangersInTheWay(blocked.value) });
  const step = await run.journal.step({ step: 'move', old, new: target }, true);
  if (!step.ok) return step;
  const held = await run.lock.fence();
  if (!held.ok) return held;
  let read = await readTree(run, old, target);
  if (!read.ok && gitCause(read.error) === 'in-the-way') {
    // After a copy or restore of the folder, times in the index differ from the files'; that is no change.
    const refreshed = await git(run, { args: ['update-index', '-q', '--refresh'], accept: [1] });
    if (!refreshed.ok) return refreshed;
    read = await readTree(run, old, target);
  }
  if (!read.ok) {
    if (gitCause(read.error) !== 'in-the-way') return read;
    return ok({ kind: 'behind', why: inTheWay(read.error) });
  }
  return moveBranch(run, old, target);
}

/** Points HEAD's branch at the new commit; index and files are there already. */
async function moveBranch(run: TreeRun, old: string, target: string): Answer<Moved> {
  const updated = await git(run, {
    args: ['update-ref', '-m', 'session-log: sync', 'HEAD', target, old],
  });
  if (updated.ok) return ok({ kind: 'moved' });
  if (gitCause(updated.error) !== 'ref-moved') return updated;
  const now = await headOf(run);
  if (!now.ok) return now;
  // Their commits stay; index and files move from our commit to theirs, as if we had not been here.
  const back = await readTree(run, target, now.value);
  if (!back.ok) return back;
  return ok({ kind: 'overtaken' });
}

async function readTree(run: TreeRun, from: string, to: string): Answer<void> {
  transferReport(run, 'moving');
  const answer = await git(run, {
    args: ['read-tree', '-m', '-u', from, to],
    deadlineMs: run.limits.moveMs,
  });
  return answer.ok ? ok(undefined) : answer;
}

/**
 * Untracked files, including ignored ones, at paths of the new commit. Git itself keeps untracked files but overwrites ignored ones, and
 * those often exist only here: identities, keys, local settings.
 */
async function unknownInTheWay(run: TreeRun, diffs: readonly PathDiff[]): Answer<readonly string[]> {
  const added = diffs.filter((diff) => !isPresent(diff.old) && isPresent(diff.new) && !isSubmodule(diff));
  const occupied = new Set<string>();
  const known = new Map<string, boolean>();
  for (const { path } of added) {
    // A parent that is no folder, or the path itself.
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      const parent = path.slice(0, at);
      let stands = known.get(parent);
      if (stands === undefined) {
        const facts = await run.deps.files.stat(inFolder(run.repo.tree, parent));
        if (!facts.ok) return facts;
        stands = facts.value !== null && facts.value.kind !== 'folder';
        known.set(parent, stands);
      }
      if (stands) occupied.add(parent);
    }
    const facts = await run.deps.files.stat(inFolder(run.repo.tree, path));
    if (facts.ok ? facts.value !== null : facts.error.code !== 'invalid-input') occupied.add(path);
  }
  if (occupied.size === 0) return ok([]);
  const others = await untrackedBelow(run, [...occupied]);
  return others.ok ? exceptSame(run, others.value, added) : others;
}

/** What fits a command line on every platform, in characters. */
const ARGUMENTS = 16_000;

/** Files at or below these paths that are not in the index, ignored ones included. */
async function untrackedBelow(run: TreeRun, paths: readonly string[]): Answer<readonly string[]> {
  const found: string[] = [];
  for (let at = 0; at < paths.length;) {
    const chunk: string[] = [];
    for (let size = 0; at < paths.length && (chunk.length === 0 || size < ARGUMENTS); at++) {
      const path = paths[at] ?? '';
      chunk.push(path);
      size += path.length + 3;
    }
    const others = await git(run, { reads: true, args: ['ls-files', '-z', '--others', '--', ...chunk] });
    if (!others.ok) return others;
    found.push(...fieldsOf(others.value));
  }
  return ok(found);
}

/**
 * Untracked files equal to the new commit's are not in the way: if there are no others, they are added to the index, so that git does not
 * treat them as foreign.
 * @returns the others
 */
async function exceptSame(
  run: TreeRun,
  paths: readonly string[],
  added: readonly PathDiff[],
): Answer<readonly string[]> {
  if (paths.length === 0) return ok([]);
  const targets = new Map(added.map((diff) => [diff.path, diff.new]));
  const comparable = paths.filter(
    (path) => targets.get(path)?.mode.startsWith('100') && !path.includes('\n'),
  );
  if (comparable.length < paths.length) return ok(paths.filter((path) => !comparable.includes(path)));
  const hashed = await git(run, {
    reads: true,
    args: ['hash-object', '--stdin-paths'],
    stdin: paths.map((path) => `${path}\n`).join(''),
    accept: [128],
  });
  if (!hashed.ok) return hashed;
  const shas = textOf(hashed.value).split('\n');
  const different = paths.filter((path, at) => targets.get(path)?.sha !== shas[at]);
  if (different.length > 0) return ok(different);
  const taken = await git(run, { args: ['update-index', '--add', '-z', '--stdin'], stdin: nulList(paths) });
  return taken.ok ? ok([]) : taken;
}

function strangersInTheWay(paths: readonly string[]): Blocked {
  const names = someOf(paths);
  const [what, them] =
    paths.length === 1
      ? [`${names} is here already and git does not know it`, 'it']
      : [`${names} are here already and git does not know them`, 'them'];
  return { what, step: `Move ${them} elsewhere; the next sync then brings in what came` };
}

function inTheWay(error: AppError): Blocked {
  const said = error.details?.['stderr'];
  const named = /(?:Entry|file|directory) '(.+?)'/.exec(typeof said === 'string' ? said : '')?.[1];
  const what =
    named === undefined
      ? 'changed files of another session stand in the way'
      : `${named} is being changed here`;
  return { what, step: 'The next sync after that change is committed or undone brings it in' };
}

/** The failure of a run that is overtaken repeatedly. */
export function overtaken(run: TreeRun): AppError {
  return appError(
    'lock-held',
    `Deferred: somebody commits to ${run.repo.tree} at the same moment.`,
    'Nothing is lost. Sync again when they have finished.',
    { details: { cause: 'ref-moved', tree: run.repo.tree } },
  );
}

/** Says in the report that a tree could not follow. */
export function behindWarning(target: string, { what, step }: Blocked): string {
  return `What came from the remote is not in the files here yet: ${what}. ${step} (${target.slice(0, 10)}).`;
}
