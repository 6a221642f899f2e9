import { INDEXED_BYTES, type LogToIndex } from '../ports/search-index.ts';
import type { SearchDeps } from './search-deps.ts';

/** A log on this disk: in a file, or in a commit of a workspace. */
export interface OnDisk extends Omit<LogToIndex, 'text'> {
  readonly file: string;
  /** Folder it must not leave through a link; the workspace of a commit. */
  readonly within: string;
}

/** Suffix of the digest of a log with searchable credentials. */
const WITH_CREDENTIALS = '+';
/** Committed logs requested from git at once, and their bytes. */
const [AHEAD, AHEAD_BYTES] = [64, 4 * 1024 * 1024];

/** The digest of a log indexed with searchable credentials. */
export function withCredentials(sha256: string): string {
  return sha256 + WITH_CREDENTIALS;
}

/** A log's digest without the full text's suffix. */
export function digestOf(sha256: string): string {
  return sha256.replace(WITH_CREDENTIALS, '');
}

/**
 * Reads texts in sequence, those of commits some ahead: each git call starts a program.
 * @param logs in the order of their use
 * @returns reads one: null if absent; non-text (a picture with the wrong name) is empty, so that nobody reads it again
 */
export function textReader(
  deps: SearchDeps,
  logs: readonly OnDisk[],
): (log: OnDisk) => Promise<Uint8Array | null> {
  const ahead = new Map<OnDisk, Uint8Array | null>();
  return async (log) => {
    if (log.commit === undefined) return asText(await readFile(deps, log));
    if (!ahead.has(log)) await readAhead(deps, logs.slice(logs.indexOf(log)), ahead);
    const text = ahead.get(log) ?? null;
    ahead.delete(log);
    return asText(text);
  };
}

async function readFile({ sync }: SearchDeps, { file, within, sha256 }: OnDisk): Promise<Uint8Array | null> {
  if (!(await sync.files.isWithin(file, within))) return null;
  const head = await sync.files.readHead(file, INDEXED_BYTES, { leaves: digestOf(sha256) });
  return head.ok ? head.value : null;
}

async function readAhead(
  deps: SearchDeps,
  [first, ...others]: readonly OnDisk[],
  ahead: Map<OnDisk, Uint8Array | null>,
): Promise<void> {
  if (first === undefined) return;
  const batch = [first];
  let bytes = first.size;
  for (const log of others) {
    if (batch.length >= AHEAD || bytes >= AHEAD_BYTES) break;
    if (log.commit === undefined || log.within !== first.within) continue;
    batch.push(log);
    bytes += log.size;
  }
  const texts = await committedTexts(deps, first.within, batch, { anew: false });
  for (const [at, log] of batch.entries()) ahead.set(log, texts[at] ?? null);
}

/**
 * Reads committed logs of a workspace, as they may leave.
 * @param anew scan them for secrets although they are unchanged since they were indexed
 */
export async function committedTexts(
  { sync }: SearchDeps,
  root: string,
  logs: readonly (Pick<LogToIndex, 'path' | 'sha256'> & { readonly commit?: string | null })[],
  { anew }: { readonly anew: boolean },
): Promise<readonly (Uint8Array | null)[]> {
  const files = logs.map(({ path, commit }) => ({ path, commit: commit ?? '' }));
  const read = await sync.history.read(root, files);
  if (!read.ok) return [];
  return Promise.all(
    logs.map(async ({ sha256 }, at) => {
      const bytes = read.value[at] ?? null;
      if (bytes === null) return null;
      const leaving = await sync.leaving(bytes, anew ? undefined : digestOf(sha256));
      return leaving.ok ? leaving.value.subarray(0, INDEXED_BYTES) : null;
    }),
  );
}

function asText(bytes: Uint8Array | null): Uint8Array | null {
  return bytes !== null && isBinary(bytes) ? new Uint8Array() : bytes;
}

function isBinary(bytes: Uint8Array): boolean {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) return false;
  let zeros = 0;
  for (const byte of bytes.subarray(0, 8_192)) if (byte === 0) zeros++;
  return zeros > 8;
}
