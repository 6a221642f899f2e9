import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { appError, type AppError } from '../../../../shared/app-error.ts';
import type { CalendarDate } from '../../../../shared/domain/ids.ts';
import type { SearchFacts } from '../../../core/ports/search-index.ts';
import { openOrCopy } from '../database-file.ts';
import { createHealingDatabase } from '../healing-database.ts';
import { indexFault, Refusal } from '../index-faults.ts';
import type { IndexRebuilt } from '../index-file.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import { findTexts } from './find-texts.ts';
import { pendingThreads } from './pending-lists.ts';
import { keptText, knownTexts, putTexts, removeTexts } from './put-texts.ts';
import type { SearchCall, SearchCaller, SearchCalls, SearchStart } from './search-calls.ts';
import { openSearchFile, SEARCH_BUSY_MS } from './search-file.ts';

/** Bytes of FTS5's hash table: what a transaction gathers before it is written. Small changes gather little. */
const [HASH_BUILDING, HASH_USUAL] = [64_000_000, 1_000_000];
/** Segments of one level that are merged whatever it takes. During a build that would be most of the work, and leave empty pages behind. */
const [CRISIS_BUILDING, CRISIS_USUAL] = [256, 64];
/** Pages that one piece of merging writes. */
const MERGE_PAGES = 2_000;
/** What SQLite calls a file that gives empty pages back when it is asked to. */
const INCREMENTAL = 2;

type Handlers = {
  readonly [C in SearchCall]: (
    db: SqliteConnection,
    input: SearchCalls[C]['input'],
    signal: AbortSignal | undefined,
  ) => SearchCalls[C]['output'] | Promise<SearchCalls[C]['output']>;
};

/** Makes the full text on the thread that calls it, in a database that heals: the next look at the disk fills a new one. */
export function createSearchEngine({
  file,
  busyMs = SEARCH_BUSY_MS,
  onRebuilt,
}: SearchStart & { readonly onRebuilt: (event: IndexRebuilt) => void }): SearchCaller {
  const handlers = createHandlers(file);
  const database = createHealingDatabase({
    file,
    open: () => openOrCopy(file, (path) => openSearchFile(path, busyMs)),
    // A question that FTS5 cannot read is a bug of ours, and no reason to throw everybody's texts away.
    faultOf: (error) => (isUnreadable(error) ? null : indexFault(error, file, 'the full text')),
    damaged: (detail) => damaged(file, detail),
    onRebuilt,
  });
  return {
    call: (name, input, signal) => database.run((db) => handlers[name](db, input, signal)),
    close: async () => database.close(),
  };
}

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
    pending: (db, asked) => db.read(() => pendingThreads(db, asked)),
    swept: (db) => db.text('select cast(swept as blob) from sums'),
    setSwept: (db, mark) => db.write(() => (db.run('update sums set swept = ?', mark), null)),
    building: (db, on) => {
      // These are kept in the database's own table, so another process builds in the same way; whoever ends sets them back. Numbers stand in
      // the command itself: FTS5 takes no bound ones here.
      db.write(() => {
        db.run(`insert into texts (texts, rank) values ('hashsize', ${on ? HASH_BUILDING : HASH_USUAL})`);
        db.run(`insert into texts (texts, rank) values ('automerge', ${on ? 0 : 4})`);
        db.run(
          `insert into texts (texts, rank) values ('crisismerge', ${on ? CRISIS_BUILDING : CRISIS_USUAL})`,
        );
      });
      return null;
    },
    optimise: (db) => {
      const before = db.number('select total_changes()');
      db.run(`insert into texts (texts, rank) values ('merge', -${MERGE_PAGES})`);
      // What SQLite's manual says of its end: one change more, of the command's own row, means that nothing was left.
      if (db.number('select total_changes()') - before >= 2) return true;
      // What merging has left empty, until the file has given all of it back.
      db.exec(`pragma incremental_vacuum(${MERGE_PAGES})`);
      return db.number('pragma auto_vacuum') === INCREMENTAL && db.number('pragma freelist_count') > 0;
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
    'Search again: this machine’s logs are indexed again; no log is lost.',
    { transient: true },
  );
}
