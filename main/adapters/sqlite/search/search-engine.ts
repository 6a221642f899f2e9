import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { appError, type AppError } from '../../../../shared/app-error.ts';
import type { CalendarDate } from '../../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { SearchFacts } from '../../../core/ports/search-index.ts';
import { fileIdentity, moveAside } from '../database-file.ts';
import { indexFault, Refusal } from '../index-faults.ts';
import type { IndexRebuilt } from '../index-file.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import { findTexts } from './find-texts.ts';
import { keptText, knownTexts, putTexts, removeTexts } from './put-texts.ts';
import type { SearchCall, SearchCaller, SearchCalls, SearchStart } from './search-calls.ts';
import { openSearchFile, SEARCH_BUSY_MS, type OpenSearch } from './search-file.ts';

/** Bytes of FTS5's hash table: what a transaction gathers before it is written. Small changes gather little. */
const [HASH_BUILDING, HASH_USUAL] = [64_000_000, 1_000_000];
/** Pages that one piece of merging writes. */
const MERGE_PAGES = 2_000;

type Handlers = {
  readonly [C in SearchCall]: (
    db: SqliteConnection,
    input: SearchCalls[C]['input'],
    signal: AbortSignal | undefined,
  ) => SearchCalls[C]['output'] | Promise<SearchCalls[C]['output']>;
};

/**
 * Makes the full text on the thread that calls it. It opens its file at the first call, finds out when the file was replaced or damaged,
 * and then starts anew: the next look at the disk fills it.
 */
export function createSearchEngine({
  file,
  busyMs = SEARCH_BUSY_MS,
  onRebuilt,
}: SearchStart & { readonly onRebuilt: (event: IndexRebuilt) => void }): SearchCaller {
  let open: OpenSearch | null = null;
  const handlers = createHandlers(file);
  const shut = (): void => {
    const last = open;
    open = null;
    try {
      last?.db.close();
    } catch {
      // Closing writes the journal back; that the disk is full or the file damaged is told by the next call that needs it.
    }
  };
  const current = (): SqliteConnection => {
    if (open && open.identity !== fileIdentity(file)) shut();
    if (!open) {
      open = openSearchFile(file, busyMs);
      if (open.rebuilt) onRebuilt(open.rebuilt);
    }
    return open.db;
  };
  const startAnew = (identity: string): void => {
    if (open && open.identity !== identity) return;
    shut();
    const movedTo = moveAside(file, identity);
    if (movedTo !== null) onRebuilt({ reason: 'damaged', movedTo });
  };
  const attempt = async <T>(work: () => T | Promise<T>): Promise<Attempt<T>> => {
    const identity = open?.identity ?? fileIdentity(file);
    try {
      return { result: ok(await work()) };
    } catch (error) {
      const fault = indexFault(error, file, 'the full text');
      // A question that FTS5 cannot read is a bug of ours, and no reason to throw everybody's texts away.
      if (fault === null || isUnreadable(error)) throw error;
      return fault.kind === 'answer'
        ? { result: err(fault.error) }
        : { damage: { identity, detail: fault.detail } };
    }
  };
  return {
    call: async (name, input, signal) => {
      const run = () => handlers[name](current(), input, signal);
      const first = await attempt(run);
      if (first.result) return first.result;
      const { identity, detail } = first.damage;
      const anew = await attempt(() => startAnew(identity));
      if (anew.result?.ok === false) return anew.result;
      const second = await attempt(run);
      return second.result ?? err(damaged(file, detail));
    },
    close: async () => shut(),
  };
}

type Attempt<T> =
  | { readonly result: Result<T, AppError>; readonly damage?: never }
  | { readonly damage: { readonly identity: string; readonly detail: string }; readonly result?: never };

function createHandlers(file: string): Handlers {
  return {
    known: (db, machine) => knownTexts(db, machine),
    put: (db, logs, signal) =>
      db.write(() => {
        stopIfCancelled(signal);
        putTexts(db, logs, utcDay(Date.now()));
        return null;
      }),
    remove: (db, logs) => db.write(() => (removeTexts(db, logs), null)),
    removeMachine: (db, machine) => db.write(() => (removeTexts(db, knownTexts(db, machine)), null)),
    find: (db, asked, signal) =>
      findTexts(db, asked, Date.now(), async () => {
        // Lets the word that nobody waits any more come in.
        await setImmediate();
        stopIfCancelled(signal);
      }),
    keptTexts: (db, logs) => logs.map((log) => keptText(db, log)),
    building: (db, on) => {
      // These are kept in the database's own table, so another process builds in the same way; whoever ends sets them back. Numbers stand in
      // the command itself: FTS5 takes no bound ones here.
      db.write(() => {
        db.run(`insert into texts (texts, rank) values ('hashsize', ${on ? HASH_BUILDING : HASH_USUAL})`);
        db.run(`insert into texts (texts, rank) values ('automerge', ${on ? 0 : 4})`);
      });
      return null;
    },
    optimise: (db) => {
      const before = db.number('select total_changes()');
      db.run(`insert into texts (texts, rank) values ('merge', -${MERGE_PAGES})`);
      // What SQLite's manual says of its end: one change more, of the command's own row, means that nothing was left.
      return db.number('select total_changes()') - before >= 2;
    },
    facts: (db) => readFacts(db, file),
  };
}

function readFacts(db: SqliteConnection, file: string): SearchFacts {
  const [text = 0, kept = 0] = db.first('select text_bytes, kept_bytes from sums') ?? [];
  return {
    logs: db.number('select count(*) from logs'),
    rows: db.number('select count(*) from docs'),
    textBytes: text ?? 0,
    fileBytes: statSync(file, { throwIfNoEntry: false })?.size ?? 0,
    keptBytes: kept ?? 0,
  };
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && /fts5: |unknown special query|no such column/.test(error.message);
}

function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new Refusal(appError('cancelled', 'The search was stopped.', 'Start it again when you like.'));
}

/** The day by which clocks that run ahead are held back: whatever zone this is, tomorrow at the latest. */
function utcDay(now: number): CalendarDate {
  return new Date(now + 14 * 3_600_000).toISOString().slice(0, 10) as CalendarDate;
}

function damaged(file: string, detail: string): AppError {
  return appError(
    'corrupt',
    `The full text ${file} was damaged (${detail}) and starts anew.`,
    'Search again: the logs of this machine are read in again; no log is lost.',
    { transient: true },
  );
}
