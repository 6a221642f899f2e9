import { exitCodeOf, type AppError } from '../../shared/app-error.ts';
import { forTerminalLine } from '../../shared/domain/terminal-text.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { openGitTools } from '../compose/git-tools.ts';
import type { Desk } from '../compose/open-desk.ts';
import { enqueue } from '../core/agent-hooks/queue.ts';
import { gitSync } from '../core/git-sync/git-sync.ts';
import { formatReceipt } from '../core/git-sync/receipt.ts';
import { exitCodeOfReport, worstTree, type GitSyncReport } from '../core/git-sync/report.ts';
import { loadIdentity } from '../core/identity/load-identity.ts';
import { noteBanner } from '../core/notes/banner.ts';
import { collectArrivedNotes } from '../core/notes/collect-arrived.ts';
import { markNotes, type InboxItem } from '../core/notes/inbox.ts';
import type { SaveReport } from '../core/save/save.ts';
import { compileWiki, type WikiReport } from '../core/wiki/compile-wiki.ts';
import { describeError, finish, type CliContext } from './cli-context.ts';
import { savedText, withReport, type SaveOutcome } from './save-text.ts';
import { forPeople } from './terminal-encoding.ts';

export interface SyncSavedOptions {
  readonly json: boolean;
  /** Milliseconds to wait for another sync of the work tree. */
  readonly waitMs: number;
}

/**
 * What follows a save: the wiki article, the git sync of both, and a push to the store for whoever drains the queue. Prints messages from
 * colleagues first, then the receipt, or the deferred sentence and never both.
 */
export async function syncSaved(
  context: CliContext,
  desk: Desk,
  report: SaveReport,
  options: SyncSavedOptions,
): Promise<void> {
  await enqueue(desk, { kind: 'push', at: desk.clock.now() });
  const wiki = await wikiPhase(context, desk, report);
  const notes: InboxItem[] = [];
  const synced = await syncTrees(context, desk, report, wiki, options.waitMs, notes);
  const outcome: SaveOutcome = { save: report, wiki, sync: synced.ok ? synced.value : null };
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
    context.exitWith((synced.ok && exitCodeOfReport(synced.value)) || exitCodeOf(problem));
  await markNotes(
    desk,
    readerOf(report),
    notes.map((note) => note.hash),
    'read',
  );
}

async function wikiPhase(context: CliContext, desk: Desk, report: SaveReport): Promise<WikiReport> {
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

async function syncTrees(
  context: CliContext,
  desk: Desk,
  report: SaveReport,
  wiki: WikiReport,
  waitMs: number,
  notes: InboxItem[],
): Promise<Result<GitSyncReport, AppError>> {
  const { author } = report;
  const machine = await loadIdentity(desk.files, desk.paths.machineId);
  const vault = desk.settings.git.vault || report.vault;
  let told = false;
  return gitSync(
    {
      ...desk,
      git: openGitTools().git,
      hooks: {
        collectNotes: async (arrived) => {
          const found = await collectArrivedNotes(desk, readerOf(report), arrived);
          if (found.ok) notes.push(...found.value);
          return found;
        },
      },
    },
    {
      workspace: report.workspace,
      ...(vault ? { vault } : {}),
      own: [report.path, ...wiki.paths],
      identity: {
        name: author.fullName,
        email: author.email,
        user: author.user,
        machine: machine.ok ? machine.value.machine_uuid : '',
        host: author.machine,
      },
      waitMs,
      signal: context.signal,
      onProgress: (progress) => {
        if (progress.phase !== 'waiting' || told) return;
        told = true;
        const { owner } = progress;
        context.note(
          forTerminalLine(`Waiting for the sync of ${owner.who} on ${owner.host} (process ${owner.pid}).`) +
            '\n',
        );
      },
    },
  );
}

function outcomeText(
  { save, wiki }: SaveOutcome,
  synced: Result<GitSyncReport, AppError>,
  notes: readonly InboxItem[],
): string {
  const banners = notes.map((note) => noteBanner(note));
  const warnings = (wiki?.warnings ?? []).map((warning) => `[WARN] ${warning}`);
  if (!synced.ok) {
    const deferred =
      synced.error.code === 'lock-held' ? 'Sync deferred - another sync is running; your' : 'Your';
    return [
      ...banners,
      `${deferred} session log is written locally (${forTerminalLine(save.path)}) and will sync on the next run.`,
      ...warnings,
    ].join('\n');
  }
  // A deferred run has not succeeded: its one sentence stands alone.
  if (worstTree(synced.value)?.state === 'deferred')
    return [...banners, formatReceipt(synced.value)].join('\n');
  return [...banners, savedText(save), ...warnings, formatReceipt(synced.value)].join('\n');
}

function problemOf(synced: Result<GitSyncReport, AppError>): AppError | null {
  return synced.ok ? (worstTree(synced.value)?.problem ?? null) : synced.error;
}

function readerOf({ author }: SaveReport): { readonly user: string; readonly fullName: string } {
  return { user: author.user, fullName: author.fullName };
}
