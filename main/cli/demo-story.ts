import type { AppError, Answer } from '../../shared/app-error.ts';
import { withoutMarks } from '../../shared/domain/session-mark.ts';
import { forTerminal } from '../../shared/domain/terminal-text.ts';
import { plural } from '../../shared/format/amount.ts';
import { err, mapOk, ok, type Result } from '../../shared/result.ts';
import type { DemoStation, DemoTeam } from '../compose/demo.ts';
import { readLog } from '../core/logs/read-log.ts';
import { noteBanner } from '../../shared/domain/note-banner.ts';
import type { InboxItem } from '../core/notes/inbox.ts';
import type { PushReport } from '../core/sync/push-tally.ts';
import type { IndexReport } from '../core/workflows/pull-index.ts';
import { fullSync } from '../core/workflows/full-sync.ts';
import { problemOf, type Outcome } from '../core/workflows/outcome.ts';
import { pullIndex } from '../core/workflows/pull-index.ts';
import { pullLogs } from '../core/workflows/pull-logs.ts';
import { push } from '../core/workflows/push.ts';
import type { ReceivedNotes } from '../core/workflows/receive-notes.ts';
import { verify } from '../core/workflows/verify.ts';
import { describeError } from './cli-context.ts';
import { machinesText } from './commands/status.ts';
import { indexText, pullText } from './sync-text.ts';

/** How the demo ended. */
export interface DemoResult {
  readonly root: string;
  readonly kept: boolean;
  readonly machines: readonly {
    readonly name: string;
    readonly home: string;
    readonly sessions: number;
    readonly logs: number;
  }[];
  /** The response to the cut network. */
  readonly offline: string;
  /** Unread notes in the last machine's inbox. */
  readonly notes: number;
  readonly read: { readonly by: string; readonly id: string; readonly sha256: string };
}

type Say = (text: string) => void;

const WAIT_MS = 10_000;
const SHOWN_LINES = 8;

/**
 * Plays the demo: two machines push, the third is cut off and pushes later, all read each other's index and notes, and one log is
 * pulled and verified.
 * @param say receives each step's text as it happens
 */
export async function playDemo(team: DemoTeam, kept: boolean, say: Say): Answer<DemoResult> {
  const [mara, priya, jonas] = team.stations;
  const logs = new Map<string, number>();
  say('Three people save their sessions, each on a machine of their own:');
  for (const { name, person, sessions, captured } of team.stations)
    say(
      `   ${name.padEnd(13)} ${person.fullName.padEnd(15)} ${plural(sessions, 'session')}; ${plural(captured, 'log')} captured from agents`,
    );
  say(`\nAll around one store, in ${team.folder.root}.`);

  say('\n1. Two of them push their logs.');
  for (const station of [mara, priya]) {
    const pushed = await pushFrom(station);
    if (!pushed.ok) return pushed;
    logs.set(station.name, pushed.value.uploaded.length);
    say(`   ${station.name}: ${pushedText(station, pushed.value)}, listed in the machine's own index`);
  }

  say('\n2. The network is cut while the third one pushes.');
  await team.folder.unplug();
  const cut = await pushFrom(jonas);
  await team.folder.plugIn();
  if (cut.ok) return bug('The push did not notice that the store was gone.');
  say(indent(describeError(cut.error)));
  say('   Nothing is lost: the logs are on its disk, not pushed yet.');

  say('\n3. The network is back; the same command again.');
  const again = await pushFrom(jonas);
  if (!again.ok) return again;
  logs.set(jonas.name, again.value.uploaded.length);
  say(`   ${jonas.name}: ${pushedText(jonas, again.value)}`);

  say('\n4. The others read the index, and find what Jonas left for them.');
  for (const station of [mara, priya]) {
    const found = await receive(station);
    if (!found.ok) return found;
    const answered = await answer(station, found.value);
    if (!answered.ok) return answered;
    say(`   ${station.name}: ${plural(found.value.notes.length, 'note')}, read and marked as done`);
  }

  say(`\n5. ${jonas.name} reads which logs there are, and who wrote to Jonas.`);
  const news = await receive(jonas);
  if (!news.ok) return news;
  say(indent(indexText(news.value.index)));
  const machines = await jonas.core.sync.index.machines();
  if (!machines.ok) return machines;
  say(`\n${indent(machinesText(machines.value, Date.now()))}`);
  const { notes } = news.value;
  const [newest] = notes;
  if (!newest) return bug('No note reached Jonas.');
  say(`\n${indent(noteBanner(newest).trimEnd())}`);
  if (notes.length > 1) say(`   and ${plural(notes.length - 1, 'more note')}: session-log notes`);

  say(`\n6. ${jonas.name} reads the log that holds it: fetched, its hashes checked, then shown.`);
  const read = await readOther(jonas, mara, say);
  if (!read.ok) return read;
  const proved = allDone(await verify(jonas.core));
  if (!proved.ok) return proved;
  const { storeChecked, cacheChecked } = proved.value;
  const full = allDone(await fullSync(jonas.core, { waitMs: WAIT_MS, reader: jonas.person }));
  if (!full.ok) return full;
  say(
    `\n7. Proved: ${plural(storeChecked, 'own file')} compared with the store, ${plural(cacheChecked, 'fetched log')} hashed again.`,
  );
  return ok({
    root: team.folder.root,
    kept,
    machines: [mara, priya, jonas].map(({ name, home, sessions }) => ({
      name,
      home,
      sessions,
      logs: logs.get(name) ?? 0,
    })),
    offline: cut.error.code,
    notes: notes.length,
    read: { by: jonas.name, ...read.value },
  });
}

async function pushFrom({ core }: DemoStation): Answer<PushReport> {
  return allDone(await push(core, { waitMs: WAIT_MS }));
}

/** In the demo, nothing may be done only in part. */
function allDone<R>(result: Result<Outcome<R>, AppError>): Result<R, AppError> {
  const problem = problemOf(result);
  return problem === null ? mapOk(result, ({ report }) => report) : err(problem);
}

/** A saved session is two files: the whole log, and its entry in the daily log; a captured one is one. */
function pushedText({ sessions, captured }: DemoStation, { uploaded }: PushReport): string {
  return `${plural(sessions + captured, 'session')} pushed (${plural(uploaded.length, 'file')})`;
}

/** The index, and the notes that arrived with it. */
interface News {
  readonly index: IndexReport;
  readonly notes: readonly InboxItem[];
  readonly mark: ReceivedNotes['mark'];
}

/** Reads the index and receives its notes into the inbox. */
async function receive({ core, person }: DemoStation): Answer<News> {
  const came: ReceivedNotes[] = [];
  const options = { reader: person, onNotes: (notes: ReceivedNotes) => void came.push(notes) };
  const index = allDone(await pullIndex(core, options));
  if (!index.ok) return index;
  const [notes] = came;
  return notes
    ? ok({ index: index.value, notes: notes.unread, mark: notes.mark })
    : bug('The notes of the index could not be received.');
}

/** Marks notes as done and pushes the receipts. */
async function answer(station: DemoStation, { notes, mark }: News): Answer<PushReport> {
  const hashes = notes.map(({ hash }) => hash);
  const marked = await mark(hashes, 'done');
  return marked.ok ? pushFrom(station) : marked;
}

async function readOther(
  reader: DemoStation,
  writer: DemoStation,
  say: Say,
): Answer<{ readonly id: string; readonly sha256: string }> {
  const deps = reader.core.sync;
  const machines = [writer.core.sync.self.uuid];
  const page = await deps.index.page({ machines, kinds: ['session'], files: true, limit: 20 });
  if (!page.ok) return page;
  const row = page.value.rows.find(({ notes }) => notes > 0);
  if (!row) return bug('The other machine has no session log with a note.');
  const pulled = allDone(await pullLogs(reader.core, { ids: [row.id] }, { waitMs: WAIT_MS }));
  if (!pulled.ok) return pulled;
  say(indent(pullText(pulled.value)));
  const log = await readLog(deps, row.id);
  if (!log.ok) return log;
  const lines = withoutMarks(forTerminal(new TextDecoder().decode(log.value.bytes)))
    .split('\n')
    .filter((line) => line !== '');
  say(
    `\n${indent([...lines.slice(0, SHOWN_LINES), `… ${lines.length - SHOWN_LINES} more lines`].join('\n'), '   | ')}`,
  );
  return ok({ id: row.id, sha256: row.sha256 });
}

function bug(message: string): Result<never, AppError> {
  return err({ code: 'bug', message, remedy: '', transient: false });
}

function indent(text: string, by = '   '): string {
  return text.replaceAll(/^(?=.)/gm, by);
}
