import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { parseBatch } from '../repository/cat-file.ts';
import { isSha } from './journal.ts';
import type { CommittedFile } from './report.ts';
import { fieldsOf, git, type TreeRun } from './tree-run.ts';

/** Above this many changed files, appends are not told from other changes. */
const COMPARED = 50;

interface Changed extends CommittedFile {
  readonly oldSha: string;
  readonly newSha: string;
  readonly removed: number;
}

/** Reads the commit at HEAD: its name, and its files with their added lines. */
export async function committedFiles(
  run: TreeRun,
): Answer<{ readonly sha: string; readonly files: readonly CommittedFile[] }> {
  const answer = await git(run, {
    reads: true,
    args: [
      'diff-tree',
      '-r',
      '-z',
      '--root',
      '--no-renames',
      '--no-abbrev',
      '--raw',
      '--numstat',
      'HEAD',
      '--',
    ],
  });
  if (!answer.ok) return answer;
  const [sha, ...fields] = fieldsOf(answer.value);
  if (!isSha(sha))
    return fail('corrupt', `HEAD of ${run.repo.tree} names no commit.`, 'Run `git fsck --full`.');
  const changed = parseChanged(fields);
  const appended = await appendedPaths(run, changed);
  return ok({
    sha,
    files: changed.map(({ path, change, added }) => ({
      path,
      change: change === 'changed' && appended.has(path) ? 'appended' : change,
      added,
    })),
  });
}

/** Parses `diff-tree -z --raw --numstat` after the commit's name: raw records, then `added TAB removed TAB path`. */
export function parseChanged(fields: readonly string[]): readonly Changed[] {
  const raw = new Map<string, Pick<Changed, 'change' | 'oldSha' | 'newSha'>>();
  const changed: Changed[] = [];
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? '';
    const entry = /^:\d{6} \d{6} ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(field);
    if (entry) {
      const change = entry[3] === 'A' ? 'created' : entry[3] === 'D' ? 'removed' : 'changed';
      raw.set(fields[++at] ?? '', { change, oldSha: entry[1] ?? '', newSha: entry[2] ?? '' });
      continue;
    }
    const lines = /^(\d+|-)\t(\d+|-)\t([\s\S]*)$/.exec(field);
    const facts = lines ? raw.get(lines[3] ?? '') : undefined;
    if (!lines || !facts) continue;
    changed.push({
      path: lines[3] ?? '',
      ...facts,
      added: Number(lines[1]) || 0,
      removed: Number(lines[2]) || 0,
    });
  }
  return changed;
}

/** Finds changed files that only grew at the end, by comparing bytes, in one process for all. */
async function appendedPaths(run: TreeRun, changed: readonly Changed[]): Promise<ReadonlySet<string>> {
  const grown = changed.filter(
    ({ change, added, removed }) => change === 'changed' && added > 0 && removed <= 1,
  );
  const appended = new Set<string>();
  if (grown.length === 0 || grown.length > COMPARED) return appended;
  const answer = await git(run, {
    reads: true,
    args: ['cat-file', '--batch'],
    stdin: grown.map(({ oldSha, newSha }) => `${oldSha}\n${newSha}\n`).join(''),
  });
  // Only affects one word in the receipt.
  if (!answer.ok) return appended;
  const blobs = parseBatch(answer.value.stdout);
  for (const [at, { path }] of grown.entries()) {
    const [old, now] = [blobs[2 * at], blobs[2 * at + 1]];
    if (old && now && old.length < now.length && old.every((byte, place) => byte === now[place]))
      appended.add(path);
  }
  return appended;
}
