import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import { below, inFolder, parentOf } from '../files/folder-path.ts';
import type { Files } from '../ports/files.ts';
import { gitCause, type Git } from '../ports/git.ts';
import { parseBatch, parseSizes } from './cat-file.ts';

/** A file in a commit. */
export interface CommittedFile {
  /** Relative to the workspace. */
  readonly path: LogPath;
  /** The commit's full name. */
  readonly commit: string;
}

/** Git's record of files gone from a workspace. Only reads objects: no checkout, no filter, no hook, no network. */
export interface GitHistory {
  /**
   * Finds the last commit with each of these files: in the history of what is checked out, else in any other in the repository.
   * @param root absolute: the workspace
   * @returns without files in no commit; empty where there is no repository
   */
  lastCommits(root: string, paths: readonly LogPath[]): Answer<ReadonlyMap<LogPath, string>>;
  /** Size of each file in bytes; null if unavailable: its commit is gone, or lacks it. */
  sizes(root: string, files: readonly CommittedFile[]): Answer<readonly (number | null)[]>;
  /**
   * Reads files byte for byte; null as above.
   * @returns also git's `output-limit` when they exceed {@link MOST_READ} together
   */
  read(root: string, files: readonly CommittedFile[]): Answer<readonly (Uint8Array | null)[]>;
}

/** Bytes of files read at once. */
export const MOST_READ = 128 * 1024 * 1024;
/** Time limits for git to walk a history, and to read from it, in milliseconds. */
const [WALK_MS, READ_MS] = [20_000, 20_000];
/** Header before each object. */
const HEAD_BYTES = 256;

export interface GitHistoryDeps {
  readonly git: Pick<Git, 'run'>;
  readonly files: Pick<Files, 'stat'>;
}

/** {@link GitHistory} by the git program. */
export function createGitHistory(deps: GitHistoryDeps): GitHistory {
  return {
    lastCommits: (root, paths) => lastCommits(deps, root, paths),
    sizes: (root, files) =>
      objectsOf(deps, root, files, { args: ['--batch-check'], limit: 0, parse: parseSizes }),
    read: (root, files) =>
      objectsOf(deps, root, files, { args: ['--batch'], limit: MOST_READ, parse: parseBatch }),
  };
}

async function lastCommits(
  deps: GitHistoryDeps,
  root: string,
  paths: readonly LogPath[],
): Answer<ReadonlyMap<LogPath, string>> {
  const found = new Map<LogPath, string>();
  const repositories = await byRepository(
    deps,
    root,
    paths.map((path) => ({ path })),
  );
  for (const [top, here] of repositories)
    for (const from of [['HEAD'], ['--all', '--reflog']]) {
      const left = here.filter(({ of }) => !found.has(of.path));
      const last = left.length === 0 ? ok(NONE) : await walk(deps.git, top, from, left);
      if (!last.ok) return last;
      for (const { of, inner } of left) {
        const commit = last.value.get(inner);
        if (commit !== undefined) found.set(of.path, commit);
      }
    }
  return ok(found);
}

/** A requested file, with its path inside its repository. */
interface Inner<F> {
  readonly of: F;
  readonly inner: string;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** The last commit with each, by path. @param from start of the walk, in the words of `git log` */
async function walk(
  git: Pick<Git, 'run'>,
  top: string,
  from: readonly string[],
  files: readonly Inner<unknown>[],
): Answer<ReadonlyMap<string, string>> {
  const answer = await git.run({
    cwd: top,
    args: [
      'log',
      '-z',
      '--relative',
      '--no-renames',
      '--name-status',
      '--format=%x01%H %P',
      ...from,
      '--stdin',
    ],
    stdin: `--\n${files.map(({ inner }) => `${inner}\n`).join('')}`,
    config: [['log.follow', 'false']],
    reads: true,
    offline: true,
    deadlineMs: WALK_MS,
  });
  if (answer.ok) return ok(parseWalk(new TextDecoder().decode(answer.value.stdout)));
  return hasNothing(answer.error) ? ok(NONE) : answer;
}

/** For each path the newest commit that names it: it has it, or its first parent had it. */
function parseWalk(output: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let [commit, parent]: (string | undefined)[] = [];
  const fields = output.split('\0');
  for (let at = 0; at < fields.length; at++) {
    const field = (fields[at] ?? '').trimStart();
    if (field.startsWith('\u0001')) {
      [commit, parent] = field.slice(1).split(' ');
      continue;
    }
    const path = fields[++at];
    const last = field === 'D' ? parent : commit;
    if (path !== undefined && last !== undefined && last !== '' && !found.has(path)) found.set(path, last);
  }
  return found;
}

/** There is no repository, or none with a commit. */
function hasNothing(error: AppError): boolean {
  const cause = gitCause(error);
  if (cause === 'not-a-repository' || cause === 'no-folder') return true;
  return /unknown revision|bad revision|does not have any commits/.test(String(error.details?.['stderr']));
}

interface ObjectCall<T> {
  readonly args: readonly string[];
  /** Most bytes of all objects together. */
  readonly limit: number;
  readonly parse: (output: Uint8Array) => readonly (T | null)[];
}

async function objectsOf<T>(
  deps: GitHistoryDeps,
  root: string,
  files: readonly CommittedFile[],
  { args, limit, parse }: ObjectCall<T>,
): Answer<readonly (T | null)[]> {
  const found = new Map<CommittedFile, T | null>();
  for (const [top, here] of await byRepository(deps, root, files)) {
    const answer = await deps.git.run({
      cwd: top,
      args: ['cat-file', ...args],
      stdin: here.map(({ of: { commit }, inner }) => `${commit}:./${inner}\n`).join(''),
      reads: true,
      offline: true,
      deadlineMs: READ_MS,
      outputLimit: limit + here.length * HEAD_BYTES,
    });
    if (!answer.ok && !hasNothing(answer.error)) return answer;
    const objects = answer.ok ? parse(answer.value.stdout) : [];
    for (const [at, file] of here.entries()) found.set(file.of, objects[at] ?? null);
  }
  return ok(files.map((file) => found.get(file) ?? null));
}

/** Groups files by the repository that has them: `session-logs` in a workspace may be a separate repository. */
async function byRepository<F extends { readonly path: LogPath }>(
  { files }: GitHistoryDeps,
  root: string,
  wanted: readonly F[],
): Promise<ReadonlyMap<string, readonly Inner<F>[]>> {
  const known = new Map<string, string>([[root, root]]);
  const topOf = async (folder: string): Promise<string> => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const inside = await files.stat(inFolder(folder, '.git'));
    const isTop = inside.ok && inside.value !== null;
    const top = isTop ? folder : await topOf(parentOf(folder) ?? root);
    known.set(folder, top);
    return top;
  };
  const found = new Map<string, Inner<F>[]>();
  for (const file of wanted) {
    const place = inFolder(root, file.path);
    const top = await topOf(parentOf(place) ?? root);
    const inner = { of: file, inner: below(top, place) ?? file.path };
    const others = found.get(top);
    if (others === undefined) found.set(top, [inner]);
    else others.push(inner);
  }
  return found;
}
