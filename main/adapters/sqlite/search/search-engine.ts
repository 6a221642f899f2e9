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

/** Size in bytes of FTS5's hash table, which a transaction fills before it is flushed. Small changes fill little. */
const [HASH_BUILDING, HASH_USUAL] = [64_000_000, 1_000_000];
/** Segments of one level that force a merge. During a build that would be most of the work, and leave empty pages behind. */
const [CRISIS_BUILDING, CRISIS_USUAL] = [256, 64];
/** Pages written by one step of merging. */
const MERGE_PAGES = 2_000;
/** SQLite's code for a file that returns empty pages on request. */
const INCREMENTAL = 2;

type Handlers = {
  readonly [C in SearchCall]: (
    db: SqliteConnection,
    input: SearchCalls[C]['input'],
    signal: AbortSignal | undefined,
  ) => SearchCalls[C]['output'] | Promise<SearchCalls[C]['output']>;
};

/** Creates the full text on the calling thread, in a self-healing database: the next disk scan fills a new one. */
export function createSearchEngine({
  file,
  busyMs = SEARCH_BUSY_MS,
  onRebuilt,
}: SearchStart & { readonly onRebuilt: (event: IndexRebuilt) => void }): SearchCaller {
  const handlers = createHandlers(file);
  const database = createHealingDatabase({
    file,
    open: () => openOrCopy(file, (path) => openSearchFile(path, busyMs)),
    // A query that FTS5 cannot parse is a bug of ours, and no reason to discard everybody's texts.
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
    find: (db, asked, signal) =>
      findTexts(db, asked, Date.now(), async () => {
        // Lets a cancellation message arrive.
        await setImmediate();
        stopIfCancelled(signal);
      }),
    keptTexts: (db, logs) => logs.map((log) => keptText(db, log)),
    pending: (db, asked) => db.read(() => pendingThreads(db, asked)),
    swept: (db) => db.text('select cast(swept as blob) from sums'),
    setSwept: (db, mark) => db.write(() => (db.run('update sums set swept = ?', mark), null)),
    building: (db, on) => {
      // Stored in the database's own table, so another process builds in the same way; whoever finishes resets them. The numbers are part
      // of the command itself: FTS5 accepts no bound ones here.
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
      // SQLite's documented end condition: one more change, of the command's own row, means that nothing was left.
      if (db.number('select total_changes()') - before >= 2) return true;
      // What merging left empty, until the file has returned all of it.
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

/** The day that limits clocks that are ahead: tomorrow at the latest, in any zone. */
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
