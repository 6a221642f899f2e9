import type { AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { describeLog, NOT_STORED } from '../logs/describe-log.ts';
import type { FoundFile } from '../ports/files.ts';
import type { KnownShard } from '../ports/log-index.ts';
import { encodeRow } from './ledger-line.ts';
import { isOutdated, ledgerPath, openLedger, type Ledger, type LedgerRow } from './ledger.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** Logs added at once, unless one month has more: their entries are in memory. */
const BATCH = 4_000;
/** Characters of a part's rows that are hashed at once. */
const PIECE = 16 * 1024;
/** Files whose facts are hashed at once. */
const LINES = 1_000;

/**
 * Updates this machine's rows of the local index from the disk: present logs as they are, with the ledger's facts about the store; logs
 * deleted here but kept in the store stay listed. Reads only logs whose size or time changed, rebuilds only the rows of changed months, and
 * reads neither ledger nor rows when nothing has changed since.
 * @param opened the ledger, if open and flushed; null to read it when needed
 */
export async function refreshOwnRows(deps: SyncDeps, opened: Ledger | null): Promise<Result<void, AppError>> {
  const looked = await look(deps, opened);
  if (!looked.ok) return looked;
  return looked.value === null ? ok(undefined) : await bringUp(deps, looked.value);
}

/** What the index is to be made from. */
interface Look {
  readonly ledger: Ledger;
  readonly known: KnownShard | null;
  readonly stamp: string;
  /** Emptied as they are used: with very many logs they are much of the memory. */
  readonly parts: Part[];
}

/** @returns null when nothing has changed */
async function look(deps: SyncDeps, opened: Ledger | null): Promise<Result<Look | null, AppError>> {
  const scan = await deps.files.scanLogs(deps.paths.sessionLogs);
  if (!scan.ok) return scan;
  const [stamp, shards] = [await stampOf(deps, scan.value.files), await deps.index.knownShards()];
  if (!shards.ok) return shards;
  const known = shards.value.find(({ machine }) => machine === deps.self.uuid) ?? null;
  if (known?.generation === stamp) return ok(null);
  const ledger = opened === null ? await openLedger(deps.files, ledgerPath(deps)) : ok(opened);
  if (!ledger.ok) return ledger;
  return ok({ ledger: ledger.value, known, stamp, parts: partsOf(scan.value.files, ledger.value) });
}

/** Changes with the files or the ledger: the generation of the index built from both. */
async function stampOf(deps: SyncDeps, files: readonly FoundFile[]): Promise<string> {
  const path = ledgerPath(deps);
  const ledger = await deps.files.stat(path);
  const digest = deps.bytes.sha256Stream();
  const add = (lines: string): void => digest.update(new TextEncoder().encode(lines));
  if (ledger.ok && ledger.value !== null) add(lineOf({ path, ...ledger.value }));
  for (let at = 0; at < files.length; at += LINES)
    add(
      files
        .slice(at, at + LINES)
        .map(lineOf)
        .join(''),
    );
  return `local ${digest.hex()}`;
}

function lineOf({ path, size, mtimeMs }: FoundFile): string {
  return `${path}\t${size}\t${mtimeMs}\n`;
}

/** Logs of one month by path, one segment in the index. */
interface Part {
  readonly month: string;
  readonly here: { readonly file: FoundFile; readonly path: LogPath; readonly row: LedgerRow | null }[];
  /** Of logs that are no longer here. */
  readonly gone: LedgerRow[];
}

async function bringUp(
  deps: SyncDeps,
  { ledger, known, stamp, parts }: Look,
): Promise<Result<void, AppError>> {
  // A machine is added with its first log.
  if (parts.length === 0 && known === null) return ok(undefined);
  const gone = parts.flatMap((part) => part.gone.map(({ entry }) => entry.path));
  const deleted = await deps.index.setDeleted(gone);
  if (!deleted.ok) return deleted;
  const there = new Set(parts.map(({ month }) => month));
  const names = new Map(known?.segments.map((name) => [monthOf(name), name]));
  const changed = parts
    .splice(0)
    .map((part) => ({ part, name: nameOf(deps, ledger, part) }))
    .filter(({ part, name }) => names.get(part.month) !== name);
  const before = await indexedBefore(
    deps,
    ledger,
    changed.map(({ part }) => part),
  );
  if (!before.ok) return before;
  let isWhole = true;
  while (changed.length > 0) {
    const segments: { readonly name: string; readonly entries: readonly LogEntry[] }[] = [];
    for (let count = 0, next = changed[0]; next && count < BATCH; next = changed[0]) {
      changed.shift();
      const { part } = next;
      const entries = await entriesOf(deps, ledger, part, before.value);
      // Unreadable logs are retried the next time, though their size and time are unchanged.
      const isRead = entries.length === part.here.length + part.gone.length;
      isWhole &&= isRead;
      count += entries.length;
      const name = isRead ? next.name : `${next.name} unread`;
      segments.push({ name, entries });
      names.set(part.month, name);
    }
    const put = await putOwn(deps, [...names.values()], 'local', segments);
    if (!put.ok) return put;
    // A turn of the event loop: what collects garbage while nothing runs gets to run.
    await deps.clock.sleep(0);
  }
  const all = [...names].flatMap(([month, name]) => (there.has(month) ? [name] : []));
  return await putOwn(deps, all, isWhole ? stamp : 'local', []);
}

/** The months of all logs here or in the store. */
function partsOf(files: readonly FoundFile[], ledger: Ledger): Part[] {
  const parts = new Map<string, Part>();
  const partOf = (path: string): Part => {
    const month = monthOf(path);
    const part = parts.get(month) ?? { month, here: [], gone: [] };
    parts.set(month, part);
    return part;
  };
  const onDisk = new Set<string>();
  for (const file of files) {
    const path = parseLogPath(file.path);
    if (!path.ok) continue;
    onDisk.add(path.value);
    partOf(path.value).here.push({ file, path: path.value, row: ledger.rows.get(path.value) ?? null });
  }
  for (const [path, row] of ledger.rows) if (!onDisk.has(path)) partOf(path).gone.push(row);
  return [...parts.values()];
}

function monthOf(text: string): string {
  return /\d{4}-\d{2}/.exec(text)?.[0] ?? 'none';
}

/** A name that changes with any file or row of the part. */
function nameOf({ bytes }: SyncDeps, ledger: Ledger, { month, here, gone }: Part): string {
  const digest = bytes.sha256Stream();
  const encoder = new TextEncoder();
  let text = String(isOutdated(ledger));
  // In small pieces: a text of thousands of lines outlives many of them.
  const add = (line: string): void => {
    text += `\n${line}`;
    if (text.length < PIECE) return;
    digest.update(encoder.encode(text));
    text = '';
  };
  for (const { file, row } of here)
    add(`${file.path}\t${file.size}\t${file.mtimeMs}\t${row === null ? '' : encodeRow(row)}`);
  add('');
  for (const row of gone) add(encodeRow(row));
  digest.update(encoder.encode(text));
  return `${month} ${digest.hex()}`;
}

/** The ledger's entry for a log as it is here; undefined if there is none. */
function toldOf(ledger: Ledger, { file, row }: Part['here'][number]): LogEntry | undefined {
  // The index is rebuilt when entries gain fields, so its entries are always current.
  if (row === null || row.goneSince !== 0 || isOutdated(ledger)) return undefined;
  return row.size === file.size && row.mtime === Math.floor(file.mtimeMs) ? row.entry : undefined;
}

/** True if an entry says what the file is now. */
function isOf(entry: LogEntry | undefined, { file }: Part['here'][number]): boolean {
  return entry?.size === file.size && entry.mtime === Math.floor(file.mtimeMs);
}

/** The indexed entries of this machine's logs that the ledger does not have, by path. */
async function indexedBefore(
  deps: SyncDeps,
  ledger: Ledger,
  parts: readonly Part[],
): Promise<Result<ReadonlyMap<string, LogEntry>, AppError>> {
  const asked = parts.flatMap(({ here }) => here.filter((log) => !isOf(toldOf(ledger, log), log)));
  if (asked.length === 0) return ok(new Map());
  const before = await deps.index.entries(
    deps.self.uuid,
    asked.map(({ path }) => path),
  );
  return before.ok ? ok(new Map(before.value.map((entry) => [entry.path, entry]))) : before;
}

async function entriesOf(
  deps: SyncDeps,
  ledger: Ledger,
  { here, gone }: Part,
  indexed: ReadonlyMap<string, LogEntry>,
): Promise<readonly LogEntry[]> {
  const entries = gone.map(({ entry }) => entry);
  const unread: typeof here = [];
  for (const log of here) {
    const { path, row } = log;
    const pushed = row?.entry;
    const known = [toldOf(ledger, log), indexed.get(path)].find((entry) => isOf(entry, log));
    if (known)
      entries.push({ ...known, stored: known.sha256 === pushed?.sha256 ? pushed.stored : NOT_STORED });
    else unread.push(log);
  }
  await runLimited(unread, TRANSFERS, undefined, async ({ path, row }) => {
    const measured = await deps.files.measure(`${deps.paths.sessionLogs}/${path}`);
    if (!measured.ok || measured.value === null) return;
    const pushed = row?.entry;
    const isPushed = measured.value.sha256 === pushed?.sha256;
    entries.push(await describeLog(deps, path, measured.value, isPushed ? pushed.stored : NOT_STORED));
  });
  return entries;
}

function putOwn(
  deps: SyncDeps,
  segments: readonly string[],
  generation: string,
  newSegments: readonly { readonly name: string; readonly entries: readonly LogEntry[] }[],
): Promise<Result<void, AppError>> {
  return deps.index.putShard(
    {
      machine: deps.self.uuid,
      host: deps.self.hostname,
      updated: deps.clock.now(),
      generation,
      segments,
      receipts: [],
    },
    [],
    newSegments,
  );
}
