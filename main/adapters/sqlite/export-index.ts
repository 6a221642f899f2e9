import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { indexFault, Refusal } from './index-faults.ts';
import { BUSY_MS } from './index-file.ts';
import { idAtSql, machineSql, placeSql } from './index-schema.ts';
import { openConnection, type SqliteConnection } from './sqlite-connection.ts';
import { parseHost } from './stored-entry.ts';

/** Rows put together at once: about half a megabyte of text. */
const CHUNK = 1_000;

/**
 * Writes every entry of every machine as the merged index that ADR-058 names. Reads on a connection of its own, so that pages are
 * served between the chunks and the file still shows one state. Old file or new file, never a part: temporary file, fsync, rename.
 * @param file the index
 * @param target absolute path of the file to write
 * @throws what SQLite or the disk throws
 */
export async function exportIndex(file: string, target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const db = openConnection(file, BUSY_MS);
  try {
    const fd = openSync(temporary, 'wx', 0o600);
    try {
      db.exec('begin');
      for (const text of mergedIndex(db)) {
        writeAll(fd, text);
        await breath();
      }
      db.exec('commit');
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, target);
    syncFolder(dirname(target));
  } catch (error) {
    rmSync(temporary, { force: true });
    const fault = indexFault(error, isErrno(error) ? target : file);
    throw fault?.kind === 'answer' ? new Refusal(fault.error) : error;
  } finally {
    db.close();
  }
}

/** The text of the merged index, in pieces. */
function* mergedIndex(db: SqliteConnection): Generator<string> {
  const machines = db.all(
    'select no, machine, host, generation, seq, updated, logs, bytes from shards order by machine',
  );
  const sources = Object.fromEntries(
    machines.map(([, machine, host, generation, seq, updated, logs, bytes]) => [
      machine,
      { host: parseHost(host), generation, seq, updated, logs, bytes },
    ]),
  );
  yield `{"schema":1,"builtAt":${Date.now()},"sources":${JSON.stringify(sources)},"entries":[`;
  let between = '\n';
  let [no, place]: [number, number] = [-1, 0];
  for (;;) {
    // One text per chunk: SQLite glues the stored JSON together faster than rows could be handed over.
    const row = db.first(
      `select group_concat('{"machine":' || json_quote(shard.machine) || ',"path":' || json_quote(l.path) || ',' || substr(l.entry, 2), ',' || char(10)),
              ${machineSql('max(l.id)')}, ${placeSql('max(l.id)')}
         from (select id, machine, path, entry from logs where id > ${idAtSql('?', '?')} order by id limit ${CHUNK}) l
         join shards shard on shard.no = l.machine`,
      no,
      place,
    );
    if (typeof row?.[0] !== 'string') break;
    yield `${between}${row[0]}`;
    between = ',\n';
    [no, place] = [Number(row[1]), Number(row[2])];
  }
  yield '\n]}\n';
}

/** True for a failure of the file written, not of the index read. */
function isErrno(error: unknown): boolean {
  return error instanceof Error && 'errno' in error;
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  // A full disk may take a part of a write without an error; only the next one fails.
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
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
