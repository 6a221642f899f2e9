import { appError, type AppError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogQuery } from '../../../shared/domain/log-query.ts';
import { cachedDigests, prepareCaching, salvageCopies, setCached } from './cache-table.ts';
import { areDeleted, setDeleted } from './deleted-logs.ts';
import { makeSomeIndex } from './late-indexes.ts';
import { createExporter, type IndexExporter } from './export-index.ts';
import type { IndexCall, IndexCaller, IndexCalls } from './index-calls.ts';
import { openOrCopy } from './database-file.ts';
import { indexFault } from './index-faults.ts';
import { createHealingDatabase } from './healing-database.ts';
import { BUSY_MS, openIndexFile, type IndexRebuilt } from './index-file.ts';
import { packedDays, entriesJson, findCopies, findRow, readFacets, readNotes } from './log-facts.ts';
import {
  logGroups,
  prepareReading,
  readVersion,
  stateReader,
  type IndexState,
  type WithState,
} from './log-groups.ts';
import { logPage } from './log-pages.ts';
import { putShard } from './put-shard.ts';
import { knownShards, machineRows, readReceipts, readMarks, workspaceShards } from './shard-table.ts';
import { dropShard } from './drop-shard.ts';
import { joinWaiting, prepareSessions } from './join-sessions.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { readSomeWords } from './word-list.ts';

export interface EngineOptions {
  /** Absolute path of the database. */
  readonly file: string;
  readonly own: MachineUuid | null;
  /** How long to wait for another process's transaction, in milliseconds; {@link BUSY_MS} by default. */
  readonly busyMs?: number | undefined;
  /** Called when the index starts empty although a file existed. */
  readonly onRebuilt: (event: IndexRebuilt) => void;
}

/** The index itself, on the calling thread. */
export interface IndexEngine extends IndexCaller {
  /** Does a little deferred work. @returns true when there is more */
  idle(): boolean;
}

type Handlers = {
  readonly [C in IndexCall]: (
    db: SqliteConnection,
    input: IndexCalls[C]['input'],
  ) => IndexCalls[C]['output'] | Promise<IndexCalls[C]['output']>;
};

/** Creates the index, in a self-healing database. */
export function createIndexEngine(options: EngineOptions): IndexEngine {
  const { file, busyMs = BUSY_MS } = options;
  const exporter = createExporter(file, busyMs);
  const handlers = createHandlers(options, exporter);
  const database = createHealingDatabase({
    file,
    open: () => openOrCopy(file, (path) => openIndexFile(path, busyMs, options.own)),
    faultOf: (error) => indexFault(error, file),
    damaged: (detail) => damaged(file, detail),
    onRebuilt: options.onRebuilt,
    rescue: {
      take: salvageCopies,
      put: (db, copies) => {
        if (copies.length > 0) db.write(() => setCached(db, copies, options.own));
      },
    },
  });
  return {
    call: (name, input) => database.run((db) => handlers[name](db, input)),
    idle: () => {
      const db = database.ifOpen();
      if (db === null) return false;
      try {
        return joinWaiting(db, options.own) || makeSomeIndex(db) || readSomeWords(db);
      } catch {
        // Nobody is waiting for it; the next search or filter repeats it and reports the failure.
        return false;
      }
    },
    close: async () => {
      exporter.close();
      database.close();
    },
  };
}

function createHandlers({ own }: EngineOptions, exporter: IndexExporter): Handlers {
  const withState = stateReader(own);
  const withSessions: WithState = (db, work) => {
    prepareSessions(db, own);
    return withState(db, work);
  };
  const withWords = <T>(db: SqliteConnection, query: LogQuery, work: (state: IndexState) => T): T => {
    // Joining queues the words of joined rows again.
    prepareSessions(db, own);
    prepareReading(db, query);
    return withState(db, work);
  };
  const changed = (db: SqliteConnection): unknown => db.run('update meta set version = version + 1');
  const writing = (db: SqliteConnection, work: () => boolean): null =>
    db.write(() => {
      if (work()) changed(db);
      return null;
    });
  return {
    knownShards: (db) => knownShards(db),
    workspaces: (db) => workspaceShards(db),
    putShard: (db, shard) =>
      writing(db, () => {
        putShard(db, shard, own);
        return true;
      }),
    dropShard: (db, machine) => writing(db, () => dropShard(db, machine, own)),
    setCached: (db, changes) => {
      prepareCaching(db, changes);
      return writing(db, () => setCached(db, changes, own));
    },
    // Called on every disk scan, and rarely with a change: that takes no lock.
    setDeleted: (db, paths) => (areDeleted(db, paths) ? null : writing(db, () => setDeleted(db, paths, own))),
    cachedDigests: (db, machine) => cachedDigests(db, machine),
    page: (db, query) => withWords(db, query, (state) => logPage(state, query)),
    groups: (db, query) => withWords(db, query, (state) => logGroups(state, query)),
    row: (db, id) => withSessions(db, (state) => findRow(state, id)),
    copies: (db, id) => withSessions(db, (state) => findCopies(state, id)),
    entries: (db, { machine, paths }) => db.read(() => entriesJson(db, machine, paths)),
    machines: (db) => withSessions(db, () => machineRows(db, own)),
    days: (db, query) => withSessions(db, (state) => packedDays(state, query)),
    notes: (db) => withState(db, (state) => readNotes(state)),
    receipts: (db) => readReceipts(db),
    marks: (db) => readMarks(db),
    facets: (db) => withSessions(db, readFacets),
    version: (db) => readVersion(db),
    exportTo: async (_, target) => {
      await exporter.write(target);
      return null;
    },
  };
}

function damaged(file: string, detail: string): AppError {
  return appError(
    'corrupt',
    `The local index ${file} was damaged (${detail}) and starts anew.`,
    'Run `session-log sync --index` to fill it again; no log is lost.',
    { transient: true },
  );
}
