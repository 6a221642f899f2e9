import { foldPath, parseLogPath } from '../../../shared/domain/log-path.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { FoundFile, SkippedPath } from '../ports/files.ts';
import type { LedgerRow } from './ledger.ts';

/** A log whose size or time on disk differs from the ledger. */
export interface ChangedLog {
  readonly path: LogPath;
  readonly size: number;
  readonly mtime: number;
  /** The ledger's row; null for an unknown log. */
  readonly row: LedgerRow | null;
  /** The same log by a name that differs only in case or Unicode form, and is no longer here. */
  readonly formerly?: LedgerRow;
}

export interface LocalDiff {
  /** Sorted by path. */
  readonly changed: readonly ChangedLog[];
  readonly unchanged: number;
  /** Logs in the ledger but no longer on disk: a person deleted them. */
  readonly gone: readonly LedgerRow[];
  /** The same, but so many at once that the disk counts as lost or unmounted. */
  readonly lost: readonly LedgerRow[];
  /** Files that cannot be team logs because of their name, and why. */
  readonly refused: readonly SkippedPath[];
}

/** From this many on, half of all logs gone is a loss. */
const LOSS = 5;

/**
 * Compares the folder with the ledger. Pure.
 * @param skipped by the scan: nobody knows what is there, so what was pushed from there is neither gone nor lost
 */
export function diffLocal(
  files: readonly FoundFile[],
  rows: ReadonlyMap<LogPath, LedgerRow>,
  skipped: readonly SkippedPath[] = [],
): LocalDiff {
  const changed: ChangedLog[] = [];
  const refused: { path: string; problem: string }[] = [];
  let [unchanged, present] = [0, 0];
  for (const file of files) {
    const row = rows.get(file.path as LogPath);
    if (row && row.goneSince === 0) present++;
    const mtime = Math.floor(file.mtimeMs);
    if (row && row.goneSince === 0 && row.size === file.size && row.mtime === mtime) {
      unchanged++;
      continue;
    }
    const path = parseLogPath(file.path);
    if (!path.ok) {
      refused.push({ path: file.path, problem: path.error.message });
      continue;
    }
    changed.push({ path: path.value, size: file.size, mtime, row: row ?? null });
  }
  const firsts = firstOfEach(changed, files);
  const kept = changed.filter(({ path }) => {
    const twin = firsts.get(foldPath(path)) ?? path;
    if (twin === path) return true;
    refused.push({
      path,
      problem: `Its name differs from "${twin}" only in case or in the form of its letters; not every machine can keep both.`,
    });
    return false;
  });
  const places = new Set(skipped.map(({ path }) => path));
  const missing = goneRows(files, rows, present).filter(({ entry }) => !isIn(places, entry.path));
  const renamed = missing.length === 0 ? new Map<LogPath, LedgerRow>() : renames(kept, missing);
  const formerly = new Set(renamed.values());
  const absent = missing.filter((row) => !formerly.has(row));
  const isLost = isLoss(absent.length, present, files.length);
  return {
    changed: kept.map((log) => withFormer(log, renamed)).sort((a, b) => (a.path < b.path ? -1 : 1)),
    unchanged,
    gone: isLost ? [] : absent,
    lost: isLost ? absent : [],
    refused,
  };
}

/** New logs whose name folds to that of a missing one: file systems and people change a name's case or Unicode form. */
function renames(
  changed: readonly ChangedLog[],
  missing: readonly LedgerRow[],
): ReadonlyMap<LogPath, LedgerRow> {
  const gone = new Map(missing.map((row) => [foldPath(row.entry.path), row]));
  return new Map(
    changed.flatMap(({ path, row }) => {
      const former = row === null ? gone.get(foldPath(path)) : undefined;
      return former === undefined ? [] : [[path, former] as const];
    }),
  );
}

function withFormer(log: ChangedLog, renamed: ReadonlyMap<LogPath, LedgerRow>): ChangedLog {
  const formerly = renamed.get(log.path);
  return formerly === undefined ? log : { ...log, formerly };
}

/** A person deletes a few logs; all of them, or half of many, go with a disk, whatever was written since. */
function isLoss(absent: number, present: number, files: number): boolean {
  if (files === 0 || present === 0) return absent > (files === 0 ? 0 : 1);
  return absent >= LOSS && absent >= present;
}

/** The first file (in path order) with each changed log's folded name. */
function firstOfEach(
  changed: readonly ChangedLog[],
  files: readonly FoundFile[],
): ReadonlyMap<string, string> {
  const firsts = new Map<string, string>();
  if (changed.length === 0) return firsts;
  const wanted = new Set(changed.map(({ path }) => foldPath(path)));
  for (const { path } of files) {
    const folded = foldPath(path);
    if (wanted.delete(folded)) firsts.set(folded, path);
  }
  return firsts;
}

/** Whether one of the places is the log or a folder above it. */
function isIn(places: ReadonlySet<string>, log: string): boolean {
  for (let end = log.length; end > 0; end = log.lastIndexOf('/', end - 1))
    if (places.has(log.slice(0, end))) return true;
  return false;
}

/** Rows without a file. Usually there are none, and then no lookup is needed. */
function goneRows(
  files: readonly FoundFile[],
  rows: ReadonlyMap<LogPath, LedgerRow>,
  present: number,
): LedgerRow[] {
  let live = 0;
  for (const row of rows.values()) if (row.goneSince === 0) live++;
  if (live === present) return [];
  const onDisk = new Set<string>(files.map((file) => file.path));
  return [...rows].flatMap(([path, row]) => (row.goneSince === 0 && !onDisk.has(path) ? [row] : []));
}
