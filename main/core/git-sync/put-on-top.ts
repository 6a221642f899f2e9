import { joinBytes } from '../../../shared/join-bytes.ts';
import { authorOf } from './commit-own.ts';
import { isSha } from './journal.ts';
import { fieldsOf, git, textOf, type TreeRun } from './tree-run.ts';

/** Paths stand for themselves: to look for renames a partial clone would fetch files. */
const PLAIN_MERGE = [['merge.renames', 'false']] as const;
/** More commits than these are rebased: each takes a git of its own here. */
const MOST_COMMITS = 8;

/** Local commits that can be put on top of others without a work tree, with all that is known before the others are. */
export interface LooseCommits {
  readonly commits: readonly { readonly sha: string; readonly content: Uint8Array }[];
  /** Paths that any of them changes. */
  readonly paths: readonly string[];
  /** Who writes them anew, as it stands in a commit. */
  readonly committer: string;
}

/**
 * Reads commits that may be put on top of others by {@link putOnTop}.
 * @param shas on top of each other, the oldest first; none is a merge or signed
 * @returns null where only a rebase will do
 */
export async function readLoose(run: TreeRun, shas: readonly string[]): Promise<LooseCommits | null> {
  const [first] = shas;
  if (first === undefined || shas.length > MOST_COMMITS) return null;
  const [contents, changed, committer] = await Promise.all([
    readCommits(run, [`${first}^`, ...shas]),
    git(run, {
      reads: true,
      args: ['diff-tree', '--stdin', '-r', '-z', '--no-renames', '--name-only', '--no-commit-id'],
      stdin: lines(shas),
    }),
    lineOf(run, { args: ['var', 'GIT_COMMITTER_IDENT'], identity: authorOf(run) }),
  ]);
  if (contents === null || !changed.ok || committer === null) return null;
  const trees = contents.map(treeOf);
  // One that changes nothing is kept or dropped by rules that a rebase knows.
  if (trees.some((tree, at) => tree === null || tree === trees[at - 1])) return null;
  const commits = contents.slice(1).map((content, at) => ({ sha: shas[at] ?? '', content }));
  return { commits, paths: fieldsOf(changed.value), committer };
}

/**
 * Puts commits on top of the remote's without any work tree, where that leaves no question: each path was changed on one side at
 * most, so nothing is merged inside a file and no attribute, driver or filter has a say. Three calls of git instead of the eight of a
 * rebase in a private tree: a race of pushes is lost in the time between fetch and push.
 * @param onto commit of the remote
 * @param base newest commit that both have
 * @returns the new tip; null where a rebase must tell, also because this git is older than 2.38
 */
export async function putOnTop(
  run: TreeRun,
  { commits, paths, committer }: LooseCommits,
  { onto, base }: { readonly onto: string; readonly base: string },
): Promise<string | null> {
  const [theirs, ...trees] = await Promise.all([
    git(run, {
      reads: true,
      args: ['diff-tree', '-r', '-z', '--no-renames', '--name-only', base, onto, '--'],
    }),
    ...commits.map(({ sha }) =>
      lineOf(run, { args: ['merge-tree', '--write-tree', '--no-messages', onto, sha], config: PLAIN_MERGE }),
    ),
  ]);
  if (!theirs.ok) return null;
  const taken = new Set(fieldsOf(theirs.value));
  if (paths.some((path) => taken.has(path))) return null;
  let tip = onto;
  for (const [at, { content }] of commits.entries()) {
    const tree = trees[at];
    const moved = isSha(tree) ? withParent(content, { tree, parent: tip, committer }) : null;
    const made =
      moved && (await lineOf(run, { args: ['hash-object', '-t', 'commit', '-w', '--stdin'], stdin: moved }));
    if (!isSha(made)) return null;
    tip = made;
  }
  return tip;
}

/** The first line that a call writes; null when it fails, as it does for a conflict. */
async function lineOf(run: TreeRun, call: Parameters<typeof git>[1]): Promise<string | null> {
  const answer = await git(run, call);
  return answer.ok ? (textOf(answer.value).split('\n', 1)[0] ?? null) : null;
}

/** The objects of these commits, byte for byte; null when one cannot be read. */
async function readCommits(run: TreeRun, names: readonly string[]): Promise<readonly Uint8Array[] | null> {
  const answer = await git(run, { reads: true, args: ['cat-file', '--batch'], stdin: lines(names) });
  if (!answer.ok) return null;
  const found: Uint8Array[] = [];
  let rest = answer.value.stdout;
  for (let at = 0; at < names.length; at++) {
    const begin = rest.indexOf(LINE_END) + 1;
    const [, kind, size] = asText(rest.subarray(0, begin)).trim().split(' ');
    if (kind !== 'commit' || size === undefined) return null;
    const end = begin + Number(size);
    found.push(rest.subarray(begin, end));
    rest = rest.subarray(end + 1);
  }
  return found;
}

const LINE_END = 10;

function treeOf(commit: Uint8Array): string | null {
  return /^tree ([0-9a-f]+)\n/.exec(asText(commit.subarray(0, 80)))?.[1] ?? null;
}

/**
 * A commit with another tree, parent and committer; author and message stay as they are.
 * @returns null when it is not built as an ordinary commit is
 */
function withParent(
  commit: Uint8Array,
  { tree, parent, committer }: { readonly tree: string; readonly parent: string; readonly committer: string },
): Uint8Array | null {
  const head: Uint8Array[] = [];
  let rest = commit;
  for (const word of ['tree ', 'parent ', 'author ', 'committer ']) {
    const end = rest.indexOf(LINE_END) + 1;
    const line = rest.subarray(0, end);
    if (!asText(line).startsWith(word)) return null;
    head.push(line);
    rest = rest.subarray(end);
  }
  const [, , author] = head;
  // The message follows, or the name of an encoding, in which the committer would have to be written too.
  if (author === undefined || rest[0] !== LINE_END) return null;
  return joinBytes([
    asBytes(`tree ${tree}\nparent ${parent}\n`),
    author,
    asBytes(`committer ${committer}\n`),
    rest,
  ]);
}

function lines(names: readonly string[]): string {
  return names.map((name) => `${name}\n`).join('');
}

function asBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function asText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
