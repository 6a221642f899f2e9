import type { AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { ENTRY_FORMAT, type LogEntry, type SegmentRef } from '../../../shared/domain/log-entry.ts';
import { shortHash } from '../../../shared/domain/short-hash.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { decodeLine, encodeRow } from './ledger-line.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** This machine's record of one of its stored logs. */
export interface LedgerRow {
  /** As in `entry`, but cheap to access. */
  readonly path: LogPath;
  readonly size: number;
  readonly mtime: number;
  readonly entry: LogEntry;
  /** CRC32C of the log's bytes, to tell whether the stored bytes are a prefix of the file; null when only the index listed the log. */
  readonly crc32c: number | null;
  /** When the local file was found missing, epoch milliseconds; 0 while it is there. It stays in the store either way. */
  readonly goneSince: number;
}

/** A row for an entry. */
export function ledgerRow(entry: LogEntry, crc32c: number | null, goneSince = 0): LedgerRow {
  return { path: entry.path, size: entry.size, mtime: entry.mtime, entry, crc32c, goneSince };
}

/** The shard as this machine last wrote it. */
export interface PublishedShard {
  readonly seq: number;
  readonly generation: string;
  readonly segments: readonly SegmentRef[];
  /** SHA-256 of the head's JSON, and of its receipts. */
  readonly digest: string;
  readonly receiptsDigest: string;
  /** How often somebody with our nonce had written the head since we did; see publish-shard. */
  readonly takeovers: number;
  /**
   * The head's text packs: the publisher's name for them, and whether all text was included; absent where an older program wrote the head,
   * or one without packs.
   */
  readonly texts?: { readonly named: string; readonly complete: boolean };
}

/**
 * The ledger: what is uploaded, so that a push with nothing to do reads no log and makes no request. A journal of lines in `state/`, one
 * per store, tenant and machine. Never the truth: if it is lost, the next push finds the stored objects.
 */
export interface Ledger {
  readonly rows: ReadonlyMap<LogPath, LedgerRow>;
  readonly published: PublishedShard | null;
  /** SHA-256 of a head about to be written when the last run ended. */
  readonly intent: string | null;
  /** `ENTRY_FORMAT` of the program that described every row of a present log; 0 if an older one did. */
  readonly described: number;
  /** Logs whose rows changed after the shard was last published; meaningless while none is. */
  readonly unpublished: ReadonlySet<LogPath>;
  record(row: LedgerRow): void;
  /** Drops the row of a renamed log. */
  forget(path: LogPath): void;
  recordPublished(published: PublishedShard): void;
  /** Records other facts of the stored shard. Rows it lacks make the next push publish all of it again. */
  amendPublished(published: PublishedShard): void;
  recordIntent(digest: string): void;
  /** Records the format of all rows' descriptions. */
  recordDescribed(format: number): void;
  /** Writes new records. Cheap when there are none. */
  flush(options?: { readonly sync?: boolean }): Promise<Result<void, AppError>>;
}

const BATCH = 64;

/** Whether the ledger has rows described by an older program, with fewer facts than this one's. */
export function isOutdated(ledger: Ledger): boolean {
  return ledger.rows.size > 0 && ledger.described < ENTRY_FORMAT;
}

/** Path of the ledger for this store, tenant and machine: each store keeps its own across switches. */
export function ledgerPath({
  paths,
  store,
  layout,
  self,
}: Pick<SyncDeps, 'paths' | 'store' | 'layout' | 'self'>): string {
  return `${paths.state}/ledger-${shortHash(`${store.url}\n${layout.tenant}\n${self.uuid}`)}.jsonl`;
}

/**
 * Opens a ledger from earlier runs; drops a torn last line (a crash while writing).
 * @param path from {@link ledgerPath}
 */
export async function openLedger(files: Files, path: string): Promise<Result<Ledger, AppError>> {
  const content = await files.read(path);
  if (!content.ok) return content;
  const text = content.value === null ? '' : new TextDecoder().decode(content.value);
  const state = replay(text);
  let pending: string[] = [];
  let lines = state.lines;
  // A torn tail must not swallow the first added line.
  let prefix = text === '' || text.endsWith('\n') ? '' : '\n';

  const add = (line: string): void => {
    pending.push(line);
    lines++;
  };
  const recordDescribed = (format: number): void => {
    if (format === state.described) return;
    state.described = format;
    add(JSON.stringify({ described: format }));
  };
  const recordPublished = (published: PublishedShard): void => {
    setPublished(state, published);
    add(JSON.stringify({ published }));
  };
  const flush = async (options?: { readonly sync?: boolean }): Promise<Result<void, AppError>> => {
    if (pending.length === 0) return ok(undefined);
    const batch = `${prefix}${pending.join('\n')}\n`;
    pending = [];
    prefix = '';
    if (lines > 2 * state.rows.size + 4 * BATCH) {
      lines = state.rows.size + 1;
      return files.replace(path, new TextEncoder().encode(snapshot(state)));
    }
    return files.append(path, new TextEncoder().encode(batch), { sync: options?.sync ?? false });
  };
  return ok({
    rows: state.rows,
    get published() {
      return state.published;
    },
    get intent() {
      return state.intent;
    },
    get described() {
      return state.described;
    },
    get unpublished() {
      return state.unpublished;
    },
    record(row) {
      if (state.rows.size === 0) recordDescribed(ENTRY_FORMAT);
      const line = encodeRow(row);
      // The line and not the row: a title is a slice of its log's text, and keeps all of it in memory.
      const kept = decodeLine(line);
      if (kept?.kind === 'row') setRow(state, kept.path, kept.row);
      add(line);
    },
    forget(path) {
      if (!state.rows.has(path)) return;
      dropRow(state, path);
      add(JSON.stringify({ forgotten: path }));
    },
    recordPublished,
    amendPublished(published) {
      const isWhole = state.unpublished.size === 0;
      recordPublished(isWhole ? published : { ...published, segments: [], receiptsDigest: '' });
    },
    recordIntent(digest) {
      state.intent = digest;
      add(JSON.stringify({ intent: digest }));
    },
    recordDescribed,
    flush,
  });
}

interface LedgerState {
  rows: Map<LogPath, LedgerRow>;
  published: PublishedShard | null;
  intent: string | null;
  described: number;
  unpublished: Set<LogPath>;
  lines: number;
}

function replay(text: string): LedgerState {
  const state: LedgerState = {
    rows: new Map(),
    published: null,
    intent: null,
    described: 0,
    unpublished: new Set(),
    lines: 0,
  };
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = decodeLine(text.slice(start, end));
    start = end + 1;
    if (line === null) continue;
    state.lines++;
    if (line.kind === 'row') setRow(state, line.path, line.row);
    else if (line.kind === 'published') setPublished(state, line.published);
    else if (line.kind === 'forgotten') dropRow(state, line.path);
    else if (line.kind === 'described') state.described = line.format;
    else state.intent = line.intent;
  }
  return state;
}

function setRow(state: LedgerState, path: LogPath, row: LedgerRow): void {
  state.rows.set(path, row);
  if (state.published !== null) state.unpublished.add(path);
}

function dropRow(state: LedgerState, path: LogPath): void {
  state.rows.delete(path);
  if (state.published !== null) state.unpublished.add(path);
}

function setPublished(state: LedgerState, published: PublishedShard): void {
  state.published = published;
  state.intent = null;
  state.unpublished.clear();
}

function snapshot({ rows, published, intent, described, unpublished }: LedgerState): string {
  const lines = described === 0 ? [] : [JSON.stringify({ described })];
  for (const [path, row] of rows) if (!unpublished.has(path)) lines.push(encodeRow(row));
  if (published !== null) lines.push(JSON.stringify({ published }));
  // The order tells: these are not in the shard yet, or still are.
  for (const path of unpublished) {
    const row = rows.get(path);
    lines.push(row === undefined ? JSON.stringify({ forgotten: path }) : encodeRow(row));
  }
  if (intent !== null) lines.push(JSON.stringify({ intent }));
  return `${lines.join('\n')}\n`;
}
