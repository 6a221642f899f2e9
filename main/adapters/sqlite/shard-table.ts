import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { NoteReceipt } from '../../../shared/domain/log-entry.ts';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import type { KnownShard } from '../../core/ports/log-index.ts';
import { DamagedIndex } from './index-faults.ts';
import { daySql, ofMachineSql } from './index-schema.ts';
import { dayText } from './packed-entries.ts';
import { readSegments } from './shard-segments.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { parseHost } from './stored-entry.ts';
import { forgetWordsOfMachine } from './word-list.ts';

/** A machine as rows name it. */
export interface Machine {
  readonly no: number;
  readonly machine: MachineUuid;
  readonly host: string;
  readonly logs: number;
  readonly own: boolean;
}

/**
 * All machines in the order of the list: this one, then by host name (any case) and UUID.
 * @param own this machine; null when there is none
 */
export function readMachines(db: SqliteConnection, own: MachineUuid | null): readonly Machine[] {
  const machines = db.all('select no, machine, host, logs from shards').map(([no, machine, host, logs]) => ({
    no: Number(no),
    machine: String(machine) as MachineUuid,
    host: parseHost(host),
    logs: Number(logs),
    own: machine === own,
  }));
  const key = new Map(machines.map(({ no, own, host }) => [no, `${own ? 0 : 1}${host.toLowerCase()}`]));
  return machines.sort(
    (a, b) => compare(key.get(a.no) ?? '', key.get(b.no) ?? '') || compare(a.machine, b.machine),
  );
}

/** One row per machine, in the order of {@link readMachines}. */
export function machineRows(db: SqliteConnection, own: MachineUuid | null): readonly MachineRow[] {
  const edge = (no: number, order: 'asc' | 'desc'): MachineRow['firstDate'] => {
    const row = db.first(
      `select ${daySql('id')} from logs where ${ofMachineSql('id', '?1')} order by id ${order} limit 1`,
      no,
    );
    return row ? (dayText(Number(row[0])) as MachineRow['firstDate']) : null;
  };
  return readMachines(db, own).map(({ no, machine, host, logs, own }) => {
    const [bytes, cached, updated, generation, stored] =
      db.first('select bytes, cached, updated, generation, stored from shards where no = ?', no) ?? [];
    return {
      machine,
      host,
      own,
      logs,
      bytes: Number(bytes),
      cachedLogs: own ? 0 : Number(cached),
      firstDate: edge(no, 'asc'),
      lastDate: edge(no, 'desc'),
      // Our own rows come from the disk, so they are there before anything was ever published.
      lastSeen: generation === 'local' && stored === 0 ? null : Number(updated),
    };
  });
}

/** Shards read so far, with the segments that are whole. */
export function knownShards(db: SqliteConnection): readonly KnownShard[] {
  return db
    .all('select machine, generation, segments from shards order by machine')
    .map(([machine, generation, segments]) => ({
      machine: String(machine) as MachineUuid,
      generation: String(generation),
      segments: readSegments(String(segments))
        .filter((segment) => segment.whole)
        .map((segment) => segment.name),
    }));
}

/**
 * Takes a machine's rows out; what the cache holds of it stays noted.
 * @returns false when there was nothing of it
 */
export function dropShard(db: SqliteConnection, machine: MachineUuid): boolean {
  const no = db.first('select no from shards where machine = ?', machine)?.[0];
  if (typeof no !== 'number') return false;
  forgetWordsOfMachine(db, no);
  db.run(`delete from logs where ${ofMachineSql('id', '?1')}`, no);
  db.run('delete from days where machine = ?', no);
  db.run('delete from shards where no = ?', no);
  return true;
}

/** Receipts of all machines, as their shards list them. */
export function readReceipts(
  db: SqliteConnection,
): readonly (NoteReceipt & { readonly machine: MachineUuid; readonly host: string })[] {
  return db
    .all(`select machine, host, receipts from shards where receipts <> '[]' order by machine`)
    .flatMap(([machine, host, receipts]) =>
      parseReceipts(String(receipts)).map((receipt) => ({
        ...receipt,
        machine: String(machine) as MachineUuid,
        host: parseHost(host),
      })),
    );
}

function parseReceipts(json: string): readonly NoteReceipt[] {
  try {
    const receipts = JSON.parse(json) as unknown;
    if (Array.isArray(receipts)) return receipts as NoteReceipt[];
  } catch {
    // Told below.
  }
  throw new DamagedIndex('the receipts of a machine cannot be read');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
