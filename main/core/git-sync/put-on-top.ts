import { joinBytes } from '../../../shared/join-bytes.ts';
import { authorOf } from './commit-own.ts';
import { isSha } from './journal.ts';
import { fieldsOf, git, textOf, type TreeRun } from './tree-run.ts';

/** Paths stand for themselves: detecting renames makes a partial clone fetch files. */
const PLAIN_MERGE = [['merge.renames', 'false']] as const;
/** More commits are rebased instead: each takes one git process here. */
const MOST_COMMITS = 8;

/** Local commits that can be rebased without a work tree, with everything known before their new base. */
export interface LooseCommits {
  readonly commits: readonly { readonly sha: string; readonly content: Uint8Array }[];
  /** Paths that any of them changes. */
  readonly paths: readonly string[];
  /** Their new committer, as in a commit. */
  readonly committer: string;
}

/**
 * Reads commits for {@link putOnTop}.
 * @param shas consecutive, oldest first; none is a merge or signed
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
  // An empty one is kept or dropped by a rebase's own rules.
  if (trees.some((tree, at) => tree === null || tree === trees[at - 1])) return null;
  const commits = contents.slice(1).map((content, at) => ({ sha: shas[at] ?? '', content }));
  return { commits, paths: fieldsOf(changed.value), committer };
}

/**
 * Rebases commits onto the remote's without a work tree, where that is unambiguous: each path changed on at most one side, so nothing is
 * merged inside a file and no attribute, driver or filter matters. Three git calls instead of the eight of a rebase in a private tree: a
 * push race is lost in the time between fetch and push.
 * @param onto commit of the remote
 * @param base newest common commit
 * @returns the new tip; null where a rebase must decide, also because this git is older than 2.38
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

/** The first output line of a call; null when it fails, as it does for a conflict. */
async function lineOf(run: TreeRun, call: Parameters<typeof git>[1]): Promise<string | null> {
  const answer = await git(run, call);
  return answer.ok ? (textOf(answer.value).split('\n', 1)[0] ?? null) : null;
}

/** The exact bytes of these commit objects; null when one cannot be read. */
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
 * Rewrites a commit's tree, parent and committer; author and message stay.
 * @returns null for a commit of unusual form
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
  // Next is the message, or an encoding, which the committer would also have to use.
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
