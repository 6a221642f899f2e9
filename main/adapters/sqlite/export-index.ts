import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { DamagedIndex, indexFault, Refusal } from './index-faults.ts';
import { fileIdentity } from './database-file.ts';
import { idAtSql, ofMachineSql, placeSql } from './index-schema.ts';
import { openConnection, type SqliteConnection } from './sqlite-connection.ts';
import { writeAll } from './write-all.ts';

/** Rows concatenated at once: about 100 KB of text. */
const CHUNK = 250;
/** Separator between two entries. */
const BETWEEN = ',\n';

/** Writes exports of one index, one at a time. */
export interface IndexExporter {
  /** Writes the merged index to an absolute path. Throws what SQLite throws, and a {@link Refusal} for the disk. */
  write(target: string): Promise<void>;
  close(): void;
}

/**
 * Creates the exporter. It reads on its own connection, so that pages are served between the pieces of an export and the file still
 * shows one state; the connection is kept open, because libsql releases a file only when its statements are garbage collected.
 * @param file the index
 */
export function createExporter(file: string, busyMs: number): IndexExporter {
  let open: { readonly db: SqliteConnection; readonly identity: string } | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const close = (): void => {
    open?.db.close();
    open = null;
  };
  const write = async (target: string): Promise<void> => {
    const identity = fileIdentity(file);
    if (open && open.identity !== identity) close();
    open ??= { db: openConnection(file, busyMs), identity };
    await exportIndex(open.db, target);
  };
  return {
    write: (target) => {
      const done = last.then(() => write(target));
      last = done.catch(() => undefined);
      return done;
    },
    close,
  };
}

/** Writes every entry of every machine: old file or new file, never a part (temporary file, fsync, rename). */
async function exportIndex(db: SqliteConnection, target: string): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    db.exec('begin');
    try {
      const shards = readShards(db);
      const fd = openSync(temporary, 'wx', 0o600);
      try {
        writeAll(fd, firstLine(shards));
        await writeEntries(db, shards, (piece) => writeAll(fd, piece));
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    } finally {
      if (db.inTransaction()) db.exec('commit');
    }
    renameSync(temporary, target);
    syncFolder(dirname(target));
  } catch (error) {
    removeQuietly(temporary);
    const fault = isErrno(error) ? indexFault(error, target) : null;
    throw fault?.kind === 'answer' ? new Refusal(fault.error) : error;
  }
}

/** What the export says about one machine. */
interface ShardSource {
  readonly no: number;
  readonly machine: MachineUuid;
  readonly files: number;
  readonly source: unknown;
}

function readShards(db: SqliteConnection): readonly ShardSource[] {
  return db.rows(
    `select json_object('no', no, 'machine', machine, 'files', files, 'source',
       json_object('host', json(host), 'generation', generation, 'seq', seq, 'updated', updated, 'logs', files, 'bytes', bytes)) as row
       from shards where not workspace order by machine`,
  ) as ShardSource[];
}

/** The first line: everything but the entries, for readers who only want to know what the export was made from. */
function firstLine(shards: readonly ShardSource[]): Buffer {
  const sources = Object.fromEntries(shards.map(({ machine, source }) => [machine, source]));
  return Buffer.from(
    `{"schema":1,"builtAt":${Date.now()},"sources":${JSON.stringify(sources)},"entries":[\n`,
  );
}

/** Writes all entries and the end of the list. */
async function writeEntries(
  db: SqliteConnection,
  shards: readonly ShardSource[],
  write: (piece: Uint8Array) => void,
): Promise<void> {
  let before = '';
  for (const { no, files } of shards) {
    if (files === 0) continue;
    write(Buffer.from(before));
    for (const piece of entriesOf(db, no)) {
      write(piece);
      await breath();
    }
    before = BETWEEN;
  }
  write(Buffer.from('\n]}\n'));
}

/** The entries of a machine that has some, in pieces. */
function* entriesOf(db: SqliteConnection, no: number): Generator<Uint8Array> {
  // One text per chunk: SQLite concatenates the stored JSON faster than rows could be returned.
  const chunk = `(select id, path, entry from logs where id > ${idAtSql('?1', '?2')} and ${ofMachineSql('id', '?1')} and part is null order by id limit ${CHUNK})`;
  for (let place = -1; ;) {
    const rows = db.bytes(
      `select cast(group_concat('{"machine":' || json_quote(shard.machine) || ',"path":' || json_quote(l.path) || ',' ||
         substr(l.entry, 2), ',' || char(10)) as blob) from ${chunk} l join shards shard on shard.no = ?1`,
      no,
      place,
    );
    if (rows === null && place === -1) throw new DamagedIndex('the entries of a machine are missing');
    if (rows === null) return;
    if (!isUtf8(rows)) throw new DamagedIndex('an entry is no text');
    if (place !== -1) yield Buffer.from(BETWEEN);
    yield rows;
    const last = db.first(
      `select ${placeSql('max(id)')}, count(*) - sum(json_valid(entry)) from ${chunk}`,
      no,
      place,
    );
    // One damaged entry would make the whole file unreadable, and others read it too.
    if (last?.[1] !== 0) throw new DamagedIndex('an entry cannot be read');
    place = last[0] ?? 0;
  }
}

/** True for a failure of the written file, not of the index. */
function isErrno(error: unknown): boolean {
  return error instanceof Error && 'errno' in error;
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The original failure is reported; scans ignore temporary files.
  }
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder, and writes the name with the file.
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function breath(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
