import { joinBytes } from '../../../shared/join-bytes.ts';
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import type { Git } from '../ports/git.ts';
import type { Files } from '../ports/files.ts';
import type { SecretWatch } from '../ports/secret-watch.ts';
import { lineFinder } from '../../../shared/secrets/line-finder.ts';
import { nameWithoutSecrets, secretsInName } from '../../../shared/secrets/secret-name.ts';
import { secretId } from '../secrets/secret-id.ts';
import { listPartition } from '../sync/list-partition.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** A found secret, without its value. */
export interface FoundSecret {
  /** `here`: a log of this machine; `workspace`; `git`: a commit; `store`: an object of this machine's partition. */
  readonly where: 'here' | 'workspace' | 'git' | 'store';
  /** The file (absolute), `<workspace>@<blob>:<path>`, or the name of the object. */
  readonly place: string;
  /** 1-based; 0 for the file's name, in which `place` omits the value. */
  readonly line: number;
  readonly kind: string;
  /** The same for equal values everywhere; see `secretId`. */
  readonly id: string;
}

export interface SecretsScan {
  readonly found: readonly FoundSecret[];
  /** Texts scanned. */
  readonly looked: number;
  /** What could not be scanned, and why. */
  readonly problems: readonly { readonly place: string; readonly problem: string }[];
}

export interface ScanDeps {
  readonly sync: SyncDeps;
  /** The raw disk. */
  readonly disk: Files;
  readonly watch: SecretWatch;
  readonly git: Git;
}

export interface ScanRequest {
  /** Absolute files or folders instead of this machine's logs and the workspaces. */
  readonly paths?: readonly string[];
  /** Also scan the history of the workspaces' repositories and the store. */
  readonly history?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const MOST_SCANNED = 64 * 1024 * 1024;
const GIT_MS = 120_000;
const TOO_LARGE = 'it is too large to be looked through';
/** Blobs per call to git. */
const BLOBS = 100;

/** A scan under way. */
interface Look {
  readonly deps: ScanDeps;
  readonly signal: AbortSignal | undefined;
  readonly found: FoundSecret[];
  readonly problems: { place: string; problem: string }[];
  looked: number;
}

/** Scans logs for secrets: this machine's, the workspaces', and with `history` what has left already. Changes nothing. */
export async function scanSecrets(deps: ScanDeps, request: ScanRequest): Answer<SecretsScan> {
  const look: Look = { deps, signal: request.signal, found: [], problems: [], looked: 0 };
  const { sessionLogs } = deps.sync.paths;
  const roots = (await deps.sync.surroundings.workspaces()).map(({ root }) => root);
  for (const path of request.paths ?? [sessionLogs, ...roots]) {
    const done = await lookAtFiles(look, path, path === sessionLogs ? 'here' : 'workspace');
    if (!done.ok) return done;
  }
  if (request.history === true) {
    for (const root of roots) await lookAtCommits(look, root);
    const stored = await lookAtStore(look);
    if (!stored.ok) return stored;
  }
  const { found, looked, problems } = look;
  return ok({ found, looked, problems });
}

async function lookAt(
  look: Look,
  where: FoundSecret['where'],
  place: string,
  bytes: Uint8Array,
): Promise<void> {
  look.looked++;
  const named = secretsInName(place);
  const shown = nameWithoutSecrets(place);
  for (const { start, end, kind } of named) {
    const id = secretId(look.deps.sync.bytes, new TextEncoder().encode(place.slice(start, end)));
    look.found.push({ where, place: shown, line: 0, kind: `${kind} in its name`, id });
  }
  const secrets = await look.deps.watch.find(bytes, look.signal);
  if (!secrets.ok) {
    look.problems.push({ place: shown, problem: secrets.error.message });
    return;
  }
  const lineOf = lineFinder(bytes);
  for (const { start, end, kind } of secrets.value) {
    const id = secretId(look.deps.sync.bytes, bytes.subarray(start, end));
    look.found.push({ where, place: shown, line: lineOf(start), kind, id });
  }
}

async function lookAtFiles(look: Look, path: string, where: FoundSecret['where']): Answer<void> {
  const { disk } = look.deps;
  const facts = await disk.stat(path);
  if (!facts.ok) return facts;
  const scan = facts.value?.kind === 'folder' ? await disk.scanLogs(path) : null;
  if (scan !== null && !scan.ok) return scan;
  for (const file of scan === null ? [path] : scan.value.files.map((one) => inFolder(path, one.path))) {
    if (look.signal?.aborted === true) break;
    const size = await disk.stat(file);
    const isLarge = size.ok && (size.value?.size ?? 0) > MOST_SCANNED;
    const bytes = isLarge ? ok(null) : await disk.read(file);
    if (isLarge) look.problems.push({ place: file, problem: TOO_LARGE });
    else if (!bytes.ok) look.problems.push({ place: file, problem: bytes.error.message });
    else if (bytes.value !== null) await lookAt(look, where, file, bytes.value);
  }
  return ok(undefined);
}

/** Scans every committed version of Markdown files. */
async function lookAtCommits(look: Look, root: string): Promise<void> {
  const { git } = look.deps;
  const call = {
    cwd: root,
    reads: true,
    deadlineMs: GIT_MS,
    signal: look.signal,
  };
  const objects = await git.run({ ...call, args: ['rev-list', '--objects', '--all'] });
  if (!objects.ok) {
    look.problems.push({ place: root, problem: objects.error.message });
    return;
  }
  const lines = new TextDecoder().decode(objects.value.stdout).split('\n');
  const blobs = lines.flatMap((one) => {
    const [, sha = '', path = ''] = /^([0-9a-f]{40,64}) (.+\.md)$/i.exec(one) ?? [];
    return sha === '' ? [] : [{ sha, place: `${root}@${sha.slice(0, 10)}:${path}` }];
  });
  for (let at = 0; at < blobs.length; at += BLOBS) {
    const some = blobs.slice(at, at + BLOBS);
    const stdin = some.map(({ sha }) => `${sha}\n`).join('');
    const batch = await git.run({ ...call, args: ['cat-file', '--batch'], stdin });
    if (!batch.ok) look.problems.push({ place: root, problem: batch.error.message });
    const contents = batch.ok ? contentsOf(batch.value.stdout) : [];
    for (const [nth, content] of contents.entries())
      await lookAt(look, 'git', some[nth]?.place ?? root, content);
  }
}

/** Scans this machine's partition: its logs, and earlier versions kept beside them. */
async function lookAtStore(look: Look): Answer<void> {
  const { sync } = look.deps;
  const listing = await listPartition(sync, look.signal);
  if (!listing.ok) return listing;
  for (const { name, size } of [...listing.value.logs.values(), ...listing.value.kept]) {
    if (size > MOST_SCANNED) {
      look.problems.push({ place: name, problem: TOO_LARGE });
      continue;
    }
    const object = await sync.store.getStream(name, { signal: look.signal });
    if (!object.ok) return object;
    if (object.value === null) continue;
    const parts: Uint8Array[] = [];
    for await (const chunk of object.value.chunks) parts.push(chunk);
    const done = await object.value.done;
    if (done.ok) await lookAt(look, 'store', name, joinBytes(parts));
    else look.problems.push({ place: name, problem: done.error.message });
  }
  return ok(undefined);
}

/** Parses blobs printed by `git cat-file --batch`. */
function contentsOf(output: Uint8Array): readonly Uint8Array[] {
  const contents: Uint8Array[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at);
    if (end === -1) break;
    const size = Number(
      / blob (\d+)$/.exec(new TextDecoder().decode(output.subarray(at, end)))?.[1] ?? Number.NaN,
    );
    const content = Number.isNaN(size) ? new Uint8Array() : output.subarray(end + 1, end + 1 + size);
    contents.push(content);
    at = Number.isNaN(size) ? end + 1 : end + 1 + size + 1;
  }
  return contents;
}
