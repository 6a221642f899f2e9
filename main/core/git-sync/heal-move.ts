import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { diffPaths, isPresent, isSubmodule, type PathDiff } from './diff-paths.ts';
import { stateFolder } from './journal.ts';
import { moveAside } from './rescue-garbled.ts';
import { fieldsOf, git, type TreeRun } from './tree-run.ts';

/**
 * Repairs a work tree whose move was killed half-way. The move began only when all affected paths were clean, so a file that is old, new,
 * absent, or a truncated new one is our own unfinished work; anything else is a person's later edit and left alone. Finished paths go into
 * the index as new, so that the move can be repeated; truncated files are moved aside.
 * @returns the paths that differ between the two commits
 */
export async function healMove(run: TreeRun, old: string, target: string): Answer<readonly PathDiff[]> {
  const diffs = await diffPaths(run, old, target);
  if (!diffs.ok) return diffs;
  // A non-UTF-8 name cannot be passed back to git; such a file is left to a person.
  const files = diffs.value.filter((diff) => !isSubmodule(diff) && !diff.path.includes('\ufffd'));
  if (files.length === 0) return diffs;
  const index = await indexEntries(run, files);
  if (!index.ok) return index;
  const asOld = await unlike(run, files, 'old');
  if (!asOld.ok) return asOld;
  const asNew = await unlike(run, files, 'new');
  if (!asNew.ok) return asNew;
  const entries: string[] = [];
  for (const diff of files) {
    const staged = index.value.get(diff.path) ?? null;
    if (staged !== null && staged !== keyOf(diff.old) && staged !== keyOf(diff.new)) continue;
    const isNew = isPresent(diff.new) ? !asNew.value.has(diff.path) : false;
    const isOld = isPresent(diff.old) ? !asOld.value.has(diff.path) : false;
    const absent = (asNew.value.get(diff.path) ?? asOld.value.get(diff.path)) === 'D';
    const cut = !isNew && !isOld && !absent && (await isCutShort(run, diff));
    if (cut) {
      const moved = await moveAside(run, diff.path);
      if (!moved.ok) return moved;
      run.warnings.push(`${diff.path} was cut short by an interrupted sync; the piece is at ${moved.value}.`);
    }
    const side =
      isNew || (absent && !isPresent(diff.new)) ? diff.new : isOld || absent || cut ? diff.old : null;
    if (side !== null)
      entries.push(
        `${side.mode} ${isPresent(side) ? side.sha : '0'.repeat(diff.old.sha.length)}\t${diff.path}`,
      );
  }
  // Removals first: a file that became a folder must leave the index before the folder's contents enter it.
  entries.sort((one, other) => Number(isRemoval(other)) - Number(isRemoval(one)));
  const repaired = await git(run, {
    args: ['update-index', '-z', '--index-info'],
    stdin: entries.map((entry) => `${entry}\0`).join(''),
  });
  return repaired.ok ? diffs : repaired;
}

function isRemoval(entry: string): boolean {
  return entry.startsWith('000000 ');
}

function keyOf(entry: PathDiff['old']): string {
  return `${entry.mode} ${entry.sha}`;
}

/** The real index's entries for these paths: `mode sha`. Unmerged paths count as different. */
async function indexEntries(run: TreeRun, diffs: readonly PathDiff[]): Answer<ReadonlyMap<string, string>> {
  const wanted = new Set(diffs.map(({ path }) => path));
  const listed = await git(run, { reads: true, args: ['ls-files', '-s', '-z'] });
  if (!listed.ok) return listed;
  const entries = new Map<string, string>();
  for (const line of fieldsOf(listed.value)) {
    const match = /^(\d{6}) ([0-9a-f]+) (\d)\t([\s\S]*)$/.exec(line);
    const [, mode, sha, stage, path] = match ?? [];
    if (path !== undefined && wanted.has(path))
      entries.set(path, stage === '0' ? `${mode} ${sha}` : 'unmerged');
  }
  return ok(entries);
}

/**
 * Compares files with one side through a scratch index of only these paths, so that git handles links, executable bits and line-end
 * conversion.
 * @returns for each path that differs from that side: `D` when absent, otherwise another letter
 */
async function unlike(
  run: TreeRun,
  diffs: readonly PathDiff[],
  side: 'old' | 'new',
): Answer<ReadonlyMap<string, string>> {
  const index = inFolder(stateFolder(run.repo.commonDir), `scratch-${run.mark}.index`);
  const present = diffs.filter((diff) => isPresent(diff[side]));
  const stdin = present.map((diff) => `${keyOf(diff[side])}\t${diff.path}\0`).join('');
  const filled = await git(run, { args: ['update-index', '-z', '--index-info'], stdin, index });
  if (!filled.ok) return filled;
  const refreshed = await git(run, { args: ['update-index', '-q', '--really-refresh'], index, accept: [1] });
  if (!refreshed.ok) return refreshed;
  const compared = await git(run, { args: ['diff-files', '-z', '--name-status'], index, reads: true });
  await run.deps.files.remove(index);
  if (!compared.ok) return compared;
  const fields = fieldsOf(compared.value);
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) found.set(fields[at + 1] ?? '', fields[at] ?? '');
  return ok(found);
}

/** Whether the file is a mere beginning of its new content. */
async function isCutShort(run: TreeRun, diff: PathDiff): Promise<boolean> {
  if (!diff.new.mode.startsWith('100')) return false;
  const here = await run.deps.files.read(inFolder(run.repo.tree, diff.path));
  if (!here.ok || here.value === null) return false;
  const wanted = await git(run, {
    reads: true,
    args: ['cat-file', '--filters', `--path=${diff.path}`, diff.new.sha],
    outputLimit: 1024 * 1024 * 1024,
    deadlineMs: run.limits.moveMs,
  });
  if (!wanted.ok || here.value.length >= wanted.value.stdout.length) return false;
  return here.value.every((byte, at) => byte === wanted.value.stdout[at]);
}
