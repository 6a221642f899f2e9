import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { fieldsOf, git, type TreeRun } from './tree-run.ts';

/** One side of a path's difference between two commits. */
export interface TreeEntry {
  /** Six octal digits; `000000` when the path is absent. */
  readonly mode: string;
  readonly sha: string;
}

export interface PathDiff {
  readonly path: string;
  readonly old: TreeEntry;
  readonly new: TreeEntry;
}

const ABSENT = '000000';
const GITLINK = '160000';

/** True when the path exists on this side. */
export function isPresent(entry: TreeEntry): boolean {
  return entry.mode !== ABSENT;
}

/** True when the path is a submodule's commit on either side; its files are not ours to read. */
export function isSubmodule({ old, new: target }: PathDiff): boolean {
  return old.mode === GITLINK || target.mode === GITLINK;
}

/** Lists differing paths of two commits, without detecting renames. */
export async function diffPaths(run: TreeRun, old: string, target: string): Answer<readonly PathDiff[]> {
  const answer = await git(run, {
    reads: true,
    args: ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--no-abbrev', old, target, '--'],
  });
  if (!answer.ok) return answer;
  const fields = fieldsOf(answer.value);
  const diffs: PathDiff[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const match = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]/.exec(fields[at] ?? '');
    const [, oldMode, newMode, oldSha, newSha] = match ?? [];
    if (!oldMode || !newMode || !oldSha || !newSha) continue;
    diffs.push({
      path: fields[at + 1] ?? '',
      old: { mode: oldMode, sha: oldSha },
      new: { mode: newMode, sha: newSha },
    });
  }
  return ok(diffs);
}
