import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import {
  parseCalendarDate,
  parseMachineUuid,
  type CalendarDate,
  type MachineUuid,
} from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import { MIB, readState, stateObject, writeState } from '../files/state-file.ts';
import type { Files } from '../ports/files.ts';
import type { LogIndex } from '../ports/log-index.ts';
import type { DataPaths } from '../files/data-paths.ts';

const count = v.pipe(v.number(), v.minValue(0));
const day = v.nullable(v.custom<CalendarDate>((value) => parseCalendarDate(value).ok));
const FORMAT = {
  schema: stateObject({
    /** Result of {@link describeDatabase} before reading the machines. */
    database: v.nullish(v.string(), null),
    machines: v.array(
      v.object({
        machine: v.custom<MachineUuid>((value) => parseMachineUuid(value).ok),
        host: v.string(),
        own: v.boolean(),
        logs: count,
        bytes: count,
        cachedLogs: count,
        firstDate: day,
        lastDate: day,
        lastSeen: v.nullable(v.number()),
      }) satisfies v.GenericSchema<unknown, MachineRow>,
    ),
  }),
  // A machine takes some 300 bytes.
  maxBytes: 8 * MIB,
};

/** Paths of the summary and of its database. */
export type SummaryPaths = Pick<DataPaths, 'machineSummary' | 'indexDb'>;

/**
 * Writes the machines of the index to one small file, so that `status` and the tray need not open the database. Written after every change
 * of the index; regenerable. A database unchanged since the summary is not opened: a push with nothing to do, which agents start often,
 * would spend a tenth of its time on that.
 */
export async function saveMachineSummary(files: Files, index: LogIndex, paths: SummaryPaths): Answer<void> {
  // Stamped before reading: another process's change in between makes the next stamp differ.
  const database = await describeDatabase(files, paths.indexDb);
  const before = await readState(files, paths.machineSummary, FORMAT);
  if (database !== null && before.ok && before.value?.database === database) return ok(undefined);
  const machines = await index.machines();
  if (!machines.ok) return machines;
  return writeState(files, paths.machineSummary, { schema: 1, database, machines: machines.value });
}

/** A stamp of the database's last write; null when unknown. Its content is in the file and the log beside it. */
async function describeDatabase(files: Files, path: string): Promise<string | null> {
  const [main, log] = [await files.stat(path), await files.stat(`${path}-wal`)];
  if (!main.ok || !log.ok || main.value === null) return null;
  // SQLite creates an empty log on any read.
  return [main.value, log.value]
    .map((facts) => (facts === null || facts.size === 0 ? '' : `${facts.ino} ${facts.size} ${facts.mtimeMs}`))
    .join('; ');
}

/** Reads what {@link saveMachineSummary} wrote; null when there is none yet. */
export async function readMachineSummary(files: Files, path: string): Answer<readonly MachineRow[] | null> {
  const summary = await readState(files, path, FORMAT);
  return summary.ok ? ok(summary.value?.machines ?? null) : summary;
}
