import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { decodeLog } from '../../../../shared/domain/decode-log.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../../../shared/domain/ids.ts';
import {
  INDEXED_BYTES,
  TEXT_ORIGINS,
  type IndexedLog,
  type IndexedLogKey,
  type LogToIndex,
} from '../../../core/ports/search-index.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import { ThreadWriter } from './pending-table.ts';
import { readRows, type TextRow } from './read-rows.ts';
import { rowRanges, type RowRange } from './search-schema.ts';

/** A third of the text's size at some 60 MB/s; higher qualities cost far more time than they save. */
const QUALITY = 5;
const PACK = TEXT_ORIGINS.indexOf('pack');

/**
 * Inserts logs, replacing their earlier rows. In a transaction.
 * @param today later days count as this one
 */
export function putTexts(db: SqliteConnection, logs: readonly LogToIndex[], today: CalendarDate): void {
  const rows: { readonly no: number; readonly row: TextRow }[] = [];
  const sums = { ...NO_SUMS };
  const threads = new ThreadWriter(db);
  let no = db.number('select max(no) from logs');
  for (const log of logs) {
    const [there = null] =
      db.first('select no from logs where machine = ? and path = ?', log.machine, log.path) ?? [];
    if (there !== null && isThere(db, there, log)) continue;
    const removed = there === null ? NO_SUMS : removeText(db, threads, log);
    no++;
    const read = readRows(log, today);
    const kept = log.origin === 'pack' ? compress(log.text) : null;
    db.run(
      'insert into logs (no, machine, path, size, mtime, sha256, origin, host, git_commit, text_bytes) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      no,
      log.machine,
      log.path,
      log.size,
      log.mtime,
      log.sha256,
      TEXT_ORIGINS.indexOf(log.origin),
      log.host,
      log.commit ?? null,
      read.bytes,
    );
    if (kept) db.run('insert into kept (log, text) values (?, ?)', no, kept);
    add(sums, removed, -1);
    sums.text += read.bytes;
    sums.kept += kept?.length ?? 0;
    for (const row of read.rows) rows.push({ no, row });
  }
  add(sums, writeRows(db, threads, rows), 1);
  threads.finish();
  changed(db, sums);
}

/** FTS5 flushes what it gathered whenever a row number is not above the last, so rows are inserted in order. */
function writeRows(
  db: SqliteConnection,
  threads: ThreadWriter,
  rows: readonly { readonly no: number; readonly row: TextRow }[],
): Sums {
  const sums = { ...NO_SUMS };
  const days = new Map<CalendarDate, () => number>();
  const numbered = rows.map(({ no, row }) => {
    const next = days.get(row.day) ?? freeRows(db, row.day);
    days.set(row.day, next);
    return { no, row, number: next() };
  });
  for (const { no, row, number } of numbered.sort((a, b) => a.number - b.number)) {
    const changes = db.run(
      'insert or ignore into docs (id, log, part, line, words, title, user, project, client) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      number,
      no,
      row.part,
      row.line,
      row.words,
      row.title,
      row.user,
      row.project,
      row.client,
    );
    // A day with a million logs is full; further ones are not found, and nobody reads them either.
    if (changes === 0) continue;
    sums.rows++;
    sums.words += row.words;
    db.run(
      'insert into texts (rowid, body, title, topic, headings, parts, facts) values (?, ?, ?, ?, ?, ?, ?)',
      number,
      ...row.columns,
    );
    if (row.pending !== null) threads.write(number, no, row.pending);
  }
  return sums;
}

/** Returns free row numbers of a day, one after another; the last repeatedly when there are none. */
function freeRows(db: SqliteConnection, day: CalendarDate): () => number {
  const [usual, crowded] = rowRanges(day, day);
  let [range, next] = [usual, freeRow(db, usual)];
  return () => {
    if (next > range.last && range === usual) [range, next] = [crowded, freeRow(db, crowded)];
    return Math.min(next++, range.last);
  };
}

function freeRow(db: SqliteConnection, { first, last }: RowRange): number {
  const highest = db.first('select max(id) from docs where id between ? and ?', first, last)?.[0];
  return (highest ?? first - 1) + 1;
}

/**
 * True when it is already stored unchanged, because another process was faster, or when it is the text of a pack and the log's file
 * is stored.
 */
function isThere(db: SqliteConnection, no: number, log: LogToIndex): boolean {
  return (
    db.number(
      `select count(*) from logs where no = ?1 and sha256 = ?2
         and (origin = ?3 and size = ?4 and mtime = ?5 and sha256 <> '' or ?3 = ?6 and origin <> ?6)`,
      no,
      log.sha256,
      TEXT_ORIGINS.indexOf(log.origin),
      log.size,
      log.mtime,
      PACK,
    ) > 0
  );
}

/** Removes logs. In a transaction. */
export function removeTexts(db: SqliteConnection, logs: readonly IndexedLogKey[]): void {
  const sums = { ...NO_SUMS };
  const threads = new ThreadWriter(db);
  for (const log of logs) add(sums, removeText(db, threads, log), -1);
  threads.finish();
  changed(db, sums);
}

function removeText(db: SqliteConnection, threads: ThreadWriter, { machine, path }: IndexedLogKey): Sums {
  const found = db.first('select no, text_bytes from logs where machine = ? and path = ?', machine, path);
  if (!found) return NO_SUMS;
  const [no, text] = [found[0] ?? 0, found[1] ?? 0];
  const kept = db.number('select length(text) from kept where log = ?', no);
  const [rows, words] = db.first('select count(*), total(words) from docs where log = ?', no) ?? [];
  db.run('delete from texts where rowid in (select id from docs where log = ?)', no);
  threads.remove(no);
  db.run('delete from docs where log = ?', no);
  db.run('delete from kept where log = ?', no);
  db.run('delete from logs where no = ?', no);
  return { rows: rows ?? 0, words: words ?? 0, text, kept };
}

/** What the table `sums` counts. */
interface Sums {
  rows: number;
  words: number;
  text: number;
  kept: number;
}
const NO_SUMS: Readonly<Sums> = { rows: 0, words: 0, text: 0, kept: 0 };

function add(sums: Sums, more: Readonly<Sums>, sign: 1 | -1): void {
  sums.rows += sign * more.rows;
  sums.words += sign * more.words;
  sums.text += sign * more.text;
  sums.kept += sign * more.kept;
}

function changed(db: SqliteConnection, { rows, words, text, kept }: Sums): void {
  db.run(
    `update sums set changes = changes + 1, rows = rows + ?, words = words + ?,
       text_bytes = text_bytes + ?, kept_bytes = kept_bytes + ?`,
    rows,
    words,
    text,
    kept,
  );
}

/** Returns the known texts of a machine's logs; of all for null. */
export function knownTexts(db: SqliteConnection, machine: MachineUuid | null): readonly IndexedLog[] {
  const rows = db.rows(
    `select json_array(machine, path, size, mtime, sha256, origin) as row from logs where ? is null or machine = ?`,
    machine,
    machine,
  ) as [MachineUuid, LogPath, number, number, string, number][];
  return rows.map(([of, path, size, mtime, sha256, origin]) => ({
    machine: of,
    path,
    size,
    mtime,
    sha256,
    origin: TEXT_ORIGINS[origin] ?? 'own',
  }));
}

function compress(text: Uint8Array | string): Buffer {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const bounded = bytes.subarray(0, INDEXED_BYTES);
  return brotliCompressSync(bounded, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: bounded.length,
    },
  });
}

/** Returns the stored text of a log; null when there is none, or it cannot be read. */
export function keptText(db: SqliteConnection, { machine, path }: IndexedLogKey): string | null {
  const bytes = db.bytes(
    'select text from kept where log = (select no from logs where machine = ? and path = ?)',
    machine,
    path,
  );
  if (bytes === null) return null;
  try {
    return decodeLog(brotliDecompressSync(bytes, { maxOutputLength: INDEXED_BYTES }));
  } catch {
    return null;
  }
}
