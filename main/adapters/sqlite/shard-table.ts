import { dayText } from '../../../shared/domain/day-number.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { NoteReceipt } from '../../../shared/domain/log-entry.ts';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import type { Mark, MarkOf } from '../../../shared/domain/marks.ts';
import type { KnownShard } from '../../core/ports/log-index.ts';
import { DamagedIndex } from './index-faults.ts';
import { daySql, ofMachineSql, SHOWN_SQL } from './index-schema.ts';
import { readSegments } from './shard-segments.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** A machine as rows refer to it. */
export interface Machine {
  readonly no: number;
  readonly machine: MachineUuid;
  readonly host: string;
  /** Rows shown in lists. */
  readonly logs: number;
  readonly own: boolean;
  /** A workspace of this machine, whose logs are in no shard. */
  readonly workspace: boolean;
}

/**
 * Returns all machines and workspaces in list order: this one, then by host name (case-insensitive) and UUID.
 * @param own this machine; null when there is none
 */
export function readMachines(db: SqliteConnection, own: MachineUuid | null): readonly Machine[] {
  const rows = db.rows(
    `select json_object('no', no, 'machine', machine, 'host', json(host), 'logs', logs, 'workspace', workspace) as row from shards`,
  ) as (Omit<Machine, 'own' | 'workspace'> & { readonly workspace: number })[];
  const machines = rows.map((row) => ({
    ...row,
    own: row.machine === own,
    workspace: row.workspace === 1,
  }));
  const key = new Map(machines.map(({ no, own, host }) => [no, `${own ? 0 : 1}${host.toLowerCase()}`]));
  return machines.sort(
    (a, b) => compare(key.get(a.no) ?? '', key.get(b.no) ?? '') || compare(a.machine, b.machine),
  );
}

/** One row per machine, without workspaces, in the order of {@link readMachines}. */
export function machineRows(db: SqliteConnection, own: MachineUuid | null): readonly MachineRow[] {
  const edge = (no: number, order: 'asc' | 'desc'): MachineRow['firstDate'] => {
    const row = db.first(
      `select ${daySql('id')} from logs where ${ofMachineSql('id', '?1')} and ${SHOWN_SQL} order by id ${order} limit 1`,
      no,
    );
    return row ? (dayText(Number(row[0])) as MachineRow['firstDate']) : null;
  };
  const machines = readMachines(db, own).filter(({ workspace }) => !workspace);
  return machines.map(({ no, machine, host, logs, own }) => {
    const [bytes, cached, updated, unpublished] =
      db.first(
        `select bytes, cached, updated, generation like 'local%' and stored = 0 from shards where no = ?`,
        no,
      ) ?? [];
    return {
      machine,
      host,
      own,
      logs,
      bytes: Number(bytes),
      cachedLogs: own ? 0 : Number(cached),
      firstDate: edge(no, 'asc'),
      lastDate: edge(no, 'desc'),
      // Our own rows come from the disk, so they exist before anything was ever published.
      lastSeen: unpublished === 1 ? null : Number(updated),
    };
  });
}

/** Returns the machines' shards read so far, with their complete segments. */
export function knownShards(db: SqliteConnection): readonly KnownShard[] {
  const rows = db.rows(
    'select json_array(machine, generation, json(segments)) as row from shards where not workspace order by machine',
  ) as [MachineUuid, string, unknown][];
  return rows.map(([machine, generation, segments]) => ({
    machine,
    generation,
    segments: readSegments(segments)
      .filter((segment) => segment.whole)
      .map((segment) => segment.name),
  }));
}

/** Returns the workspaces that have rows. */
export function workspaceShards(db: SqliteConnection): readonly MachineUuid[] {
  const rows = db.rows('select json_array(machine) as row from shards where workspace order by machine') as [
    MachineUuid,
  ][];
  return rows.map(([machine]) => machine);
}

/** Returns the receipts of all machines, as listed in their shards. */
export function readReceipts(
  db: SqliteConnection,
): readonly (NoteReceipt & { readonly machine: MachineUuid; readonly host: string })[] {
  const rows = db.rows(
    `select json_array(machine, json(host), json(receipts)) as row from shards where receipts <> '[]' and not workspace order by machine`,
  ) as [MachineUuid, string, readonly NoteReceipt[]][];
  return rows.flatMap(([machine, host, receipts]) => {
    if (!Array.isArray(receipts)) throw new DamagedIndex('the receipts of a machine cannot be read');
    return receipts.map((receipt: NoteReceipt) => ({ ...receipt, machine, host }));
  });
}

/** Returns the marks of all machines, as listed in their shards. */
export function readMarks(db: SqliteConnection): readonly MarkOf[] {
  const rows = db.rows(
    `select json_array(machine, json(host), json(marks)) as row from shards where marks <> '[]' and not workspace order by machine`,
  ) as [MachineUuid, string, readonly Mark[]][];
  return rows.flatMap(([machine, host, marks]) => {
    if (!Array.isArray(marks)) throw new DamagedIndex('the marks of a machine cannot be read');
    return marks.map((mark: Mark) => ({ ...mark, machine, host }));
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
