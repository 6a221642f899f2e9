import { fail, type Answer } from '../../../shared/app-error.ts';
import { parseCalendarDate } from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import { groupBy } from '../../../shared/group-by.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Random } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Git } from '../ports/git.ts';
import { assignMachine, type KnownMachine } from './assign-machine.ts';
import type { SourceVersion, Written } from './plan-migration.ts';
import { readBlobs, readCall, readHistory, type CommitFacts, type Version } from './read-history.ts';

export interface CollectDeps {
  readonly git: Git;
  readonly files: Files;
  readonly bytes: Bytes;
  readonly random: Random;
}

/** A tracked file at HEAD. */
export interface TrackedLog {
  readonly path: string;
  readonly mode: string;
  readonly blob: string;
}

export interface Sources {
  readonly head: string;
  readonly folders: readonly string[];
  readonly tracked: readonly TrackedLog[];
  /** Versions of every path, newest first within a path. */
  readonly versions: readonly SourceVersion[];
}

export interface CollectRequest {
  /** Top of the work tree, absolute. */
  readonly tree: string;
  /** Folders in the repository; empty: find the usual ones. */
  readonly from: readonly string[];
  readonly history: boolean;
  readonly self: KnownMachine;
  readonly machines: readonly KnownMachine[];
}

const text = new TextDecoder();
const USUAL = /^(?:docs\/)?session-logs$|(?:^|\/)(?:projects|clients)\/[^/]+\/session-logs$/;

/** Finds the session logs of a repository: in the work tree, at HEAD, and (asked for) in all of history. Changes nothing. */
export async function collectSources(deps: CollectDeps, request: CollectRequest): Answer<Sources> {
  const { git } = deps;
  const head = await git.run(readCall(request.tree, ['rev-parse', '--verify', 'HEAD^{commit}']));
  if (!head.ok)
    return fail(
      'attention',
      'This repository has no commit yet, so there is nothing to migrate.',
      'Copy the files to session-logs/ by hand.',
      { details: head.error.details ?? {} },
    );
  const listed = await git.run(readCall(request.tree, ['ls-tree', '-r', '-z', 'HEAD']));
  if (!listed.ok) return listed;
  const all = parseTree(text.decode(listed.value.stdout)).filter(({ path }) => /\.md$/i.test(path));
  const folders = request.from.length > 0 ? request.from.map(cleanFolder) : usualFolders(all);
  if (folders.length === 0 || folders.includes('')) {
    return fail(
      'not-found',
      'No folder of session logs was found in this repository.',
      'Name it: session-log migrate <repo> --from docs/session-logs',
    );
  }
  const tracked = all.filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));
  const history = await readHistory(git, request.tree, folders, `--${deps.random.hex(16)}--`);
  if (!history.ok) return history;
  const present = await presentFiles(deps, request.tree, folders);
  if (!present.ok) return present;
  const versions = await assemble(deps, request, tracked, history.value, present.value);
  return versions.ok
    ? ok({ head: text.decode(head.value.stdout).trim(), folders, tracked, versions: versions.value })
    : versions;
}

/** Files of the work tree that differ from HEAD or are untracked: their bytes are the log's present content. */
async function presentFiles(
  deps: CollectDeps,
  tree: string,
  folders: readonly string[],
): Answer<ReadonlyMap<string, Uint8Array>> {
  const changed = await deps.git.run(
    readCall(tree, ['diff', '--name-only', '-z', '--no-renames', 'HEAD', '--', ...folders]),
  );
  if (!changed.ok) return changed;
  const untracked = await deps.git.run(readCall(tree, ['ls-files', '-o', '-z', '--', ...folders]));
  if (!untracked.ok) return untracked;
  const present = new Map<string, Uint8Array>();
  for (const path of [changed, untracked].flatMap((answer) => text.decode(answer.value.stdout).split('\0'))) {
    if (!/\.md$/i.test(path)) continue;
    const content = await deps.files.read(`${tree}/${path}`);
    if (!content.ok) return content;
    if (content.value !== null) present.set(path, content.value);
  }
  return ok(present);
}

async function assemble(
  deps: CollectDeps,
  request: CollectRequest,
  tracked: readonly TrackedLog[],
  history: readonly Version[],
  present: ReadonlyMap<string, Uint8Array>,
): Answer<SourceVersion[]> {
  const byPath = groupBy(history, ({ path }) => path);
  const atHead = new Map(tracked.map(({ path, blob }) => [path, blob]));
  const wanted = request.history
    ? [...new Set([...history.map(({ blob }) => blob), ...atHead.values()])]
    : [...new Set(atHead.values())];
  const blobs = await readBlobs(deps.git, request.tree, wanted);
  if (!blobs.ok) return blobs;
  const paths = new Set([...atHead.keys(), ...present.keys(), ...(request.history ? byPath.keys() : [])]);
  const versions: SourceVersion[] = [];
  const firstOf = firstCommits(history);
  for (const path of [...paths].sort()) {
    const commits = (byPath.get(path) ?? []).map(({ commit }) => commit);
    const own = present.has(path) && !byPath.has(path);
    const written = own
      ? await changedLast(deps.files, `${request.tree}/${path}`)
      : firstOf(byPath.get(path) ?? []);
    const add = (
      bytes: Uint8Array | undefined,
      blob: string | null,
      assignment = assignMachine(commits, request.self, request.machines),
    ): void => {
      const sha256 = bytes === undefined ? '' : deps.bytes.sha256(bytes);
      if (bytes === undefined || versions.some((known) => known.path === path && known.sha256 === sha256))
        return;
      const current = !versions.some((known) => known.path === path);
      versions.push({ path, blob, bytes, sha256, current, assignment, written });
    };
    // An untracked file was written here.
    if (present.has(path))
      add(
        present.get(path),
        null,
        own ? { kind: 'this', because: 'it is only in this workspace' } : undefined,
      );
    const blob = atHead.get(path);
    if (blob !== undefined) add(blobs.value.get(blob), blob);
    if (!request.history) continue;
    for (const version of byPath.get(path) ?? [])
      add(
        blobs.value.get(version.blob),
        version.blob,
        assignMachine([version.commit], request.self, request.machines),
      );
  }
  return ok(versions);
}

/**
 * When a log was first written: the author time of the commit that added its path, or the very same bytes at any path, so that moving a log
 * between folders does not make it newer.
 */
function firstCommits(history: readonly Version[]): (versions: readonly Version[]) => Written {
  const ofBlob = new Map<string, CommitFacts>();
  for (const { blob, commit } of history) {
    const known = ofBlob.get(blob);
    if (known === undefined || Date.parse(commit.date) < Date.parse(known.date)) ofBlob.set(blob, commit);
  }
  return (versions) => {
    const dates = versions.flatMap(({ blob }) => ofBlob.get(blob)?.date ?? []);
    const first = dates.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? '';
    const day = parseCalendarDate(first.slice(0, 10));
    return { atMs: Date.parse(first) || 0, day: day.ok ? day.value : null };
  };
}

async function changedLast(files: Files, path: string): Promise<Written> {
  const facts = await files.stat(path);
  return { atMs: facts.ok ? (facts.value?.mtimeMs ?? 0) : 0, day: null };
}

function parseTree(output: string): TrackedLog[] {
  return output.split('\0').flatMap((line) => {
    const match = /^(\d{6}) blob ([0-9a-f]+)\t(.+)$/s.exec(line);
    // Links and executables are no logs.
    return match && match[1] !== '120000'
      ? [{ mode: match[1] ?? '', blob: match[2] ?? '', path: match[3] ?? '' }]
      : [];
  });
}

function usualFolders(logs: readonly TrackedLog[]): string[] {
  const folders = new Set<string>();
  for (const { path } of logs) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      if (USUAL.test(folder)) folders.add(folder);
    }
  }
  return [...folders].sort();
}

function cleanFolder(folder: string): string {
  return folder
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .replaceAll(/^\/+|\/+$/g, '');
}
