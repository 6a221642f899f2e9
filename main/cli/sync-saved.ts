import { exitCodeOf, type AppError } from '../../shared/app-error.ts';
import { forTerminalLine } from '../../shared/domain/terminal-text.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Desk } from '../compose/open-desk.ts';
import { enqueue } from '../core/agent-hooks/queue.ts';
import { formatReceipt } from '../core/git-sync/receipt.ts';
import { exitCodeOfReport, worstTree } from '../core/git-sync/report.ts';
import { markNotes, type InboxItem } from '../core/notes/inbox.ts';
import type { Reader } from '../core/notes/reader.ts';
import type { SaveReport } from '../core/save/save.ts';
import { compileWiki, type WikiReport } from '../core/wiki/compile-wiki.ts';
import { describeError, finish, type CliContext } from './cli-context.ts';
import { drainQueueOf } from './drain-queue.ts';
import { savedText, withReport, type SaveOutcome } from './save-text.ts';
import { syncTrees, type TreesSynced } from './sync-trees.ts';
import { noteScreen } from './note-screen.ts';
import { forPeople } from './terminal-encoding.ts';

export interface SyncSavedOptions {
  readonly json: boolean;
  /** Milliseconds to wait for another sync of the work tree. */
  readonly waitMs: number;
}

/** What the store may take of an agent's time after the answer stands there; the rest happens later. */
const STORE_MS = 10_000;

/**
 * What follows a save: the wiki article, the git sync of both, and the store; of a log in the data folder the store alone. Prints messages from colleagues first, then the receipt, or
 * the deferred sentence and never both.
 */
export async function syncSaved(
  context: CliContext,
  desk: Desk,
  report: SaveReport,
  options: SyncSavedOptions,
): Promise<void> {
  await enqueue(desk, { kind: 'push', at: desk.clock.now() });
  const { workspace } = report;
  if (workspace === null) return pushSaved(context, report, options);
  const wiki = await wikiPhase(context, desk, { ...report, workspace });
  const synced = await syncTrees(context, desk, {
    workspace,
    vault: report.vault,
    author: report.author,
    own: [report.path, ...wiki.paths],
    waitMs: options.waitMs,
  });
  const notes = synced.ok ? synced.value.notes : [];
  const outcome: SaveOutcome = { save: report, wiki, sync: synced.ok ? synced.value.report : null };
  const problem = problemOf(synced) ?? report.problem;
  if (options.json)
    finish(context, true, problem === null ? ok(outcome) : err(withReport(problem, outcome)), () => '');
  else {
    context.out(forPeople(outcomeText(outcome, synced, notes), context.env));
    // What the report says of its trees stands in the text already.
    const unsaid = synced.ok ? report.problem : synced.error;
    if (unsaid !== null) context.note(`${describeError(unsaid)}\n`);
  }
  if (problem !== null)
    context.exitWith((synced.ok && exitCodeOfReport(synced.value.report)) || exitCodeOf(problem));
  // With --json a program has read them, which is nobody.
  const shown = options.json ? [] : noteScreen(notes).shown.map((note) => note.hash);
  await markNotes(desk, readerOf(report), shown, 'read');
  await reachStore(context, readerOf(report), options.json);
}

/** What follows a save into the data folder: no work tree and so no git, but the store. */
async function pushSaved(context: CliContext, report: SaveReport, { json }: SyncSavedOptions): Promise<void> {
  finish(context, json, ok({ save: report, wiki: null, sync: null }), () =>
    forPeople(savedText(report), context.env),
  );
  await reachStore(context, readerOf(report), json);
}

/** Pushes the log (or the daily one) and whatever hooks have queued. The save has succeeded already; what does not work here stays in the queue. */
async function reachStore(context: CliContext, reader: Reader, json: boolean): Promise<void> {
  const core = await context.core();
  if (!core.ok) return;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(STORE_MS)]);
  const drained = await drainQueueOf(core.value, reader, { signal });
  await core.value.close();
  const problem = drained.ok ? drained.value.problem : drained.error;
  // The others of a partial push are pushed; what is wrong with one log is told by `status`, not by every save.
  if (problem === null || problem.code === 'partial' || json) return;
  const words =
    problem.transient || problem.code === 'cancelled' ? 'not pushed yet, will be retried' : 'not pushed';
  context.note(forTerminalLine(`[WARN] In the store: ${words}: ${problem.message}`) + '\n');
}

async function wikiPhase(
  context: CliContext,
  desk: Desk,
  report: Pick<SaveReport, 'path' | 'day'> & { readonly workspace: string },
): Promise<WikiReport> {
  const now = new Date(desk.clock.now()).toISOString();
  return compileWiki(desk, {
    workspace: report.workspace,
    logPath: report.path,
    command: desk.settings.git.wikiCommand,
    timeoutMs: desk.settings.git.wikiTimeoutSeconds * 1_000,
    day: report.day,
    utc: now,
    saveLock: desk.paths.saveLock,
    signal: context.signal,
  });
}

function outcomeText(
  { save, wiki }: SaveOutcome,
  synced: Result<TreesSynced, AppError>,
  notes: readonly InboxItem[],
): string {
  const { text } = noteScreen(notes);
  const banners = text ? [text] : [];
  const warnings = (wiki?.warnings ?? []).map((warning) => `[WARN] ${warning}`);
  if (!synced.ok) {
    const deferred =
      synced.error.code === 'lock-held' ? 'Sync deferred - another sync is running; your' : 'Your';
    return [
      ...banners,
      `${deferred} session log is written locally (${forTerminalLine(save.path)}) and will sync on the next run.`,
      ...warnings,
      '',
    ].join('\n');
  }
  // A deferred run has not succeeded: its one sentence stands alone.
  if (worstTree(synced.value.report)?.state === 'deferred')
    return [...banners, formatReceipt(synced.value.report)].join('\n');
  const committed = synced.value.report.trees.some((tree) =>
    tree.files.some(({ path }) => path === save.path || `${tree.tree}/${path}`.endsWith(`/${save.path}`)),
  );
  return [...banners, savedText(save, !committed), ...warnings, formatReceipt(synced.value.report)].join(
    '\n',
  );
}

function problemOf(synced: Result<TreesSynced, AppError>): AppError | null {
  return synced.ok ? (worstTree(synced.value.report)?.problem ?? null) : synced.error;
}

function readerOf({ author }: SaveReport): Reader {
  return { user: author.user, fullName: author.fullName };
}
