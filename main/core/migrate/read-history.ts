import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Git, GitCall } from '../ports/git.ts';

/** One commit's own facts. */
export interface CommitFacts {
  readonly sha: string;
  readonly author: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
  readonly message: string;
}

/** One version of a path's content, newest first. */
export interface Version {
  readonly path: string;
  readonly blob: string;
  readonly commit: CommitFacts;
}

const READ_MS = 120_000;
const NO_BLOB = /^0+$/;
const LIMIT = 512 * 1024 * 1024;

/** A read-only git call in the repository being migrated. */
export function readCall(tree: string, args: readonly string[], more: Partial<GitCall> = {}): GitCall {
  return { cwd: tree, args, reads: true, deadlineMs: READ_MS, outputLimit: LIMIT, ...more };
}

/**
 * Lists every content that Markdown files below some folders ever had on any branch, newest first.
 * @param marker random text in no commit message: messages are hostile, so the end of one must not be guessable
 */
export async function readHistory(
  git: Git,
  tree: string,
  folders: readonly string[],
  marker: string,
): Answer<readonly Version[]> {
  const format = `--format=${marker}%H%x00%an%x00%ae%x00%aI%x00%B%x00`;
  const answer = await git.run(
    readCall(tree, [
      'log',
      '--all',
      '--no-renames',
      '--diff-merges=first-parent',
      '--raw',
      '--no-abbrev',
      '-z',
      format,
      '--',
      ...folders,
    ]),
  );
  return answer.ok ? ok(parseHistory(new TextDecoder().decode(answer.value.stdout), marker)) : answer;
}

/** Parses `git log --raw -z` output in the format of {@link readHistory}. */
export function parseHistory(output: string, marker: string): readonly Version[] {
  const versions: Version[] = [];
  for (const record of output.split(marker).slice(1)) {
    const [sha = '', author = '', email = '', date = '', message = '', ...raw] = record.split('\0');
    const commit = { sha, author, email, date, message };
    for (let at = 0; at + 1 < raw.length; at++) {
      const fields = /:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*$/.exec(raw[at] ?? '');
      if (!fields) continue;
      const path = raw[++at] ?? '';
      const blob = fields[1] ?? '';
      if (!NO_BLOB.test(blob) && /\.md$/i.test(path)) versions.push({ path, blob, commit });
    }
  }
  return versions;
}

/** Reads blobs in one git process. Skips missing ones (a partial clone). */
export async function readBlobs(
  git: Git,
  tree: string,
  blobs: readonly string[],
): Answer<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  if (blobs.length === 0) return ok(found);
  const answer = await git.run(readCall(tree, ['cat-file', '--batch'], { stdin: `${blobs.join('\n')}\n` }));
  if (!answer.ok) return answer;
  const bytes = answer.value.stdout;
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    const head = new TextDecoder().decode(bytes.subarray(at, end === -1 ? undefined : end)).split(' ');
    at = end === -1 ? bytes.length : end + 1;
    if (head[1] !== 'blob') continue;
    const size = Number(head[2]);
    found.set(head[0] ?? '', bytes.slice(at, at + size));
    at += size + 1;
  }
  return ok(found);
}
