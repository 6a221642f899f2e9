import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DamagedIndex, indexFault, Refusal } from './index-faults.ts';
import { fileIdentity } from './index-file.ts';
import { idAtSql, machineSql, placeSql } from './index-schema.ts';
import { openConnection, type SqliteConnection } from './sqlite-connection.ts';

/** Rows put together at once: about 100 KB of text. */
const CHUNK = 250;

/** Writes exports of one index, one after the other. */
export interface IndexExporter {
  /** Writes the merged index to an absolute path. Throws what SQLite throws, and a {@link Refusal} for the disk. */
  write(target: string): Promise<void>;
  close(): void;
}

/**
 * Makes the exporter. It reads on a connection of its own, so that pages are served between the pieces of an export and the file still
 * shows one state; the connection is kept, because libsql lets go of a file only when its statements are collected.
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
    const fd = openSync(temporary, 'wx', 0o600);
    try {
      db.exec('begin');
      for (const piece of mergedIndex(db)) {
        writeAll(fd, piece);
        await breath();
      }
      fsyncSync(fd);
    } finally {
      if (db.inTransaction()) db.exec('commit');
      closeSync(fd);
    }
    renameSync(temporary, target);
    syncFolder(dirname(target));
  } catch (error) {
    removeQuietly(temporary);
    const fault = isErrno(error) ? indexFault(error, target) : null;
    throw fault?.kind === 'answer' ? new Refusal(fault.error) : error;
  }
}

/** The merged index, in pieces. Its first line holds all but the entries, for whoever asks only what it was made of. */
function* mergedIndex(db: SqliteConnection): Generator<Uint8Array> {
  const sources = db.rows(
    `select json_array(machine, json_object('host', json(host), 'generation', generation, 'seq', seq, 'updated', updated,
       'logs', logs, 'bytes', bytes)) as row from shards order by machine`,
  ) as [string, unknown][];
  yield Buffer.from(
    `{"schema":1,"builtAt":${Date.now()},"sources":${JSON.stringify(Object.fromEntries(sources))},"entries":[`,
  );
  let between = '\n';
  let [no, place]: [number, number] = [-1, 0];
  for (;;) {
    // One text per chunk: SQLite glues the stored JSON together faster than rows could be handed over.
    const chunk = `(select id, machine, path, entry from logs where id > ${idAtSql('?', '?')} order by id limit ${CHUNK})`;
    const rows = db.bytes(
      `select cast(group_concat('{"machine":' || json_quote(shard.machine) || ',"path":' || json_quote(l.path) || ',' ||
         substr(l.entry, 2), ',' || char(10)) as blob) from ${chunk} l join shards shard on shard.no = l.machine`,
      no,
      place,
    );
    if (rows === null) break;
    if (!isUtf8(rows)) throw new DamagedIndex('an entry is no text');
    yield Buffer.from(between);
    yield rows;
    between = ',\n';
    const last = db.first(
      `select ${machineSql('max(id)')}, ${placeSql('max(id)')}, count(*) - sum(json_valid(entry)) from ${chunk}`,
      no,
      place,
    );
    // One damaged entry would make the whole file unreadable, and others read it too.
    if (last?.[2] !== 0) throw new DamagedIndex('an entry cannot be read');
    [no, place] = [last[0] ?? 0, last[1] ?? 0];
  }
  yield Buffer.from('\n]}\n');
}

/** True for a failure of the file written, not of the index read. */
function isErrno(error: unknown): boolean {
  return error instanceof Error && 'errno' in error;
}

function writeAll(fd: number, bytes: Uint8Array): void {
  // A full disk may take a part of a write without an error; only the next one fails.
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The failure that led here is the one to tell; scans pass temporary files over.
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
