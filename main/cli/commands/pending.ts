import type { Command } from 'commander';
import type { Answer } from '../../../shared/app-error.ts';
import type { PendingReport } from '../../../shared/domain/pending-list.ts';
import { plural } from '../../../shared/format/amount.ts';
import { ok } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import type { Reader } from '../../core/notes/reader.ts';
import {
  findTasks,
  listPending,
  markTasks,
  type NamedTask,
  type PendingRequest,
} from '../../core/pending/pending-tasks.ts';
import { catchUpTexts } from '../../core/workflows/catch-up-texts.ts';
import { findReader } from '../../core/workflows/find-reader.ts';
import type { WorkspaceNotice } from '../../core/workspaces/refresh-workspaces.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { printPaged } from '../pager.ts';
import { parseCount, several, zoneOf } from '../parse-options.ts';
import { pendingText } from '../pending-text.ts';

interface PendingOptions {
  readonly project?: readonly string[];
  readonly user?: readonly string[];
  readonly machine?: readonly string[];
  readonly mine?: boolean;
  readonly all?: boolean;
  readonly limit?: string;
  readonly json?: boolean;
}

/** The list as `pending --json` prints it. */
type PendingListReport = PendingReport & {
  readonly waiting: number;
  readonly notices: readonly WorkspaceNotice[];
};

/** `session-log pending`: pending tasks across people and machines; works without a network. */
export function registerPending(program: Command, context: CliContext): void {
  const pending = program
    .command('pending')
    .description('what everyone’s newest logs still list under Pending / Incomplete Tasks')
    .option('-p, --project <name>', 'project or client; may be repeated', several)
    .option('-u, --user <name>', 'who wrote the log; may be repeated', several)
    .option('-m, --machine <name>', 'host name or UUID prefix; may be repeated', several)
    .option('--mine', 'only what your own logs list')
    .option('--all', 'also what is done')
    .option('--limit <tasks>', 'maximum number of tasks, up to 2000 (default: 100)')
    .option('--json', 'print one JSON envelope')
    .action((options: PendingOptions) => runList(context, options));
  for (const [name, state, what] of [
    ['done', 'done', 'say that you are through with tasks: the whole team sees it, the log stays as it is'],
    ['undo', 'open', 'take that back'],
  ] as const)
    pending
      .command(name)
      .description(what)
      .argument('<tasks...>', 'their ids as the list shows them, or the first letters')
      .option('--json', 'print one JSON envelope')
      .action((names: string[], options: PendingOptions) =>
        runMark(context, names, state, { ...pending.opts<PendingOptions>(), ...options }),
      );
}

async function runList(context: CliContext, options: PendingOptions): Promise<void> {
  const json = options.json ?? false;
  const core = await context.core();
  if (!core.ok) return finish(context, json, core, () => '');
  try {
    const report = await list(context, core.value, options);
    if (!report.ok || json) return finish(context, json, report, () => '');
    for (const { root, problem } of report.value.notices)
      context.warn(`session-log: Workspace ${root}: ${problem}.\n`);
    const { settings } = core.value;
    printPaged(context, (style) => pendingText(report.value, style, zoneOf(settings)));
  } finally {
    await core.value.close();
  }
}

async function list(context: CliContext, core: Core, options: PendingOptions): Answer<PendingListReport> {
  const limit = parseCount('limit', options.limit, 1);
  if (!limit.ok) return limit;
  const { project, user, machine, mine, all } = options;
  const request: PendingRequest = {
    ...(project === undefined ? {} : { projects: project }),
    ...(user === undefined ? {} : { users: user }),
    ...(machine === undefined ? {} : { machines: machine }),
    ...(limit.value === undefined ? {} : { limit: limit.value }),
    mine: mine ?? false,
    all: all ?? false,
  };
  const reader = await readerHere(context, core);
  if (!reader.ok) return reader;
  const caught = await catchUpTexts(core.sync, core.search, context.signal);
  if (!caught.ok) return caught;
  const report = await listPending(core.search, reader.value, request);
  return report.ok ? ok({ ...report.value, ...caught.value }) : report;
}

/** The person who makes the marks, and whose own logs are meant. */
function readerHere(context: CliContext, core: Core): Answer<Reader> {
  return findReader(
    { files: core.sync.files, settings: core.settings, systemUser: core.systemUser },
    context.cwd,
  );
}

async function runMark(
  context: CliContext,
  names: readonly string[],
  state: 'done' | 'open',
  { json = false }: PendingOptions,
): Promise<void> {
  const core = await context.core();
  if (!core.ok) return finish(context, json, core, () => '');
  try {
    const marked = await mark(context, core.value, names, state);
    finish(context, json, marked, ({ tasks }) => markedText(tasks, state));
  } finally {
    await core.value.close();
  }
}

async function mark(
  context: CliContext,
  core: Core,
  names: readonly string[],
  state: 'done' | 'open',
): Answer<{ readonly state: 'done' | 'open'; readonly tasks: readonly NamedTask[] }> {
  const reader = await readerHere(context, core);
  if (!reader.ok) return reader;
  const caught = await catchUpTexts(core.sync, core.search, context.signal);
  if (!caught.ok) return caught;
  const tasks = await findTasks(core.search, reader.value, names);
  if (!tasks.ok) return tasks;
  const ids = tasks.value.map(({ id }) => id);
  const marked = await markTasks({ ...core.sync, paths: core.paths }, reader.value, ids, state);
  return marked.ok ? ok({ state, tasks: tasks.value }) : marked;
}

/** @param tasks as they were before being marked */
function markedText(tasks: readonly NamedTask[], state: 'done' | 'open'): string {
  const lines = tasks.map(({ text }) => `  ${text}`);
  const count = plural(tasks.length, 'task');
  return state === 'done'
    ? `${count} done; the next push tells the others.\n${lines.join('\n')}\n`
    : `${count} open again; the next push tells the others.\n${lines.join('\n')}\n`;
}
