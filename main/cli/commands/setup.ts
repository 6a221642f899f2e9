import type { Command } from 'commander';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { knownAuthor } from '../../../shared/domain/author.ts';
import { readInvitation } from '../../../shared/domain/invitation.ts';
import { forTerminal } from '../../../shared/domain/terminal-text.ts';
import { err, ok } from '../../../shared/result.ts';
import { openLocal } from '../../compose/open-local.ts';
import { openSettings } from '../../compose/open-settings.ts';
import { canAsk, openAsker } from '../ask.ts';
import { finish, finishOutcome, type CliContext } from '../cli-context.ts';
import { several } from '../parse-options.ts';
import { agentStep, AGENTS } from '../setup/agent-step.ts';
import { authorStep } from '../setup/author-step.ts';
import { pushStep } from '../setup/push-step.ts';
import {
  settingsNow,
  type SetupOptions,
  type SetupRun,
  type SetupStep,
  type StepDone,
} from '../setup/setup-run.ts';
import { sessionsStep } from '../setup/sessions-step.ts';
import { storeStep } from '../setup/store-step.ts';
import { workspaceStep } from '../setup/workspace-step.ts';
import { forPeople } from '../terminal-encoding.ts';

/** The result of a set-up. */
interface SetupReport {
  readonly steps: readonly StepDone[];
  /** What the person should do next. */
  readonly next: readonly string[];
}

const STEPS: readonly (readonly [title: string, step: SetupStep])[] = [
  ['Store', storeStep],
  ['Author', authorStep],
  ['Agents', agentStep],
  ['Logs that are here already', workspaceStep],
  ['Agent sessions', sessionsStep],
  ['First push', pushStep],
];

/** `session-log setup`: from nothing to useful, question by question; the same as the app's welcome. */
export function registerSetup(program: Command, context: CliContext): void {
  program
    .command('setup')
    .description(
      'set everything up, question by question: store, author, agents, logs and sessions that are here already',
    )
    .argument('[invitation]', 'the link that a colleague’s `session-log invite` printed')
    .option('--store <place>', 'gs://BUCKET, a shared folder, or - for this machine only')
    .option('--tenant <name>', 'name of the team, a folder in the store')
    .option('--name <full name>', 'who writes here')
    .option('--user <short>', 'short name, for file names and notes')
    .option('--email <address>', 'for commits of logs')
    .option('--agent <agent>', 'connect it: claude-code; none for no agent', several)
    .option('--workspace <folder>', 'list the logs of this workspace; may be repeated', several)
    .option(
      '--copy-logs <folder>',
      'copy the logs of this repository that no workspace lists; may be repeated',
      several,
    )
    .option('--capture', 'keep every agent session, and make logs of them')
    .option('--no-capture', 'do not keep agent sessions')
    .option('--no-push', 'do not push at the end')
    .option(
      '--yes',
      'ask nothing: keep what is set, take what git knows, connect the agents found; copied logs that name no machine are of this one',
    )
    .option('--json', 'print one JSON envelope, ask nothing')
    .action((link: string | undefined, options: SetupOptions) => runSetup(context, link, options));
}

async function runSetup(context: CliContext, link: string | undefined, given: SetupOptions): Promise<void> {
  const json = given.json ?? false;
  const invitation = link === undefined ? null : readInvitation(link);
  const options = invitation === null ? given : { ...given, invitation };
  const usage = link !== undefined && invitation === null ? noInvitation() : problemOf(options);
  if (usage !== null) return finish(context, json, err(usage), () => '');
  const [local, store] = [openLocal(), openSettings()];
  if (!local.ok) return finish(context, json, local, () => '');
  if (!store.ok) return finish(context, json, store, () => '');
  const asks = !json && options.yes !== true && canAsk();
  if (!asks && !saysSomething(options)) return finish(context, json, err(nobodyThere()), () => '');
  const asker = asks ? openAsker() : null;
  const run: SetupRun = { context, local: local.value, store: store.value, options, asker };
  try {
    const report = await takeSteps(run, json);
    if (!report.ok) return finish(context, json, report, () => '');
    // A set-up with a failed step is a failure, reported with everything else that was done.
    const problem = report.value.steps.find((step) => step.error !== null)?.error ?? null;
    finishOutcome(context, json, { report: report.value, problem }, nextText);
  } finally {
    asker?.close();
  }
}

async function takeSteps(run: SetupRun, json: boolean): Answer<SetupReport> {
  const steps: StepDone[] = [];
  for (const [at, [title, step]] of STEPS.entries()) {
    const text = `${at + 1}. ${title}\n`;
    if (run.asker !== null) run.context.warn(`\n${text}`);
    const result = await step(run);
    if (!result.ok) return result;
    steps.push(result.value);
    if (!json)
      run.context.out(forPeople(stepText(run.asker === null ? text : '', result.value), run.context.env));
  }
  const settings = settingsNow(run);
  // The app's welcome asks the same; a person who has answered here is not asked again.
  if (settings.ok && !settings.value.app.firstRunDone && steps.every(({ action }) => action !== 'failed'))
    run.store.set({ ...settings.value, app: { ...settings.value.app, firstRunDone: true } }, settings.value);
  const isNamed = settings.ok && knownAuthor(settings.value.author) !== null;
  const isConnected = steps.some(({ step, undo }) => step === 'agent' && undo !== null);
  const isElsewhere = settings.ok && settings.value.store.url !== '';
  return ok({ steps, next: nextSteps(isNamed, isConnected, isElsewhere) });
}

function nextSteps(isNamed: boolean, isConnected: boolean, isElsewhere: boolean): readonly string[] {
  return [
    ...(isNamed ? [] : ['Say who writes here: session-log whoami --set "Full Name"']),
    isConnected
      ? 'Type /save in Claude Code at the end of a session (restart sessions that run already).'
      : 'Connect Claude Code: session-log hooks install. Or save by hand: session-log save',
    ...(isElsewhere
      ? [
          'See who can read the store: session-log audit. To encrypt what goes there: session-log store seal',
          'Let a colleague use it, too: session-log invite',
        ]
      : []),
    'See what is there: `session-log list`, or `session-log browse` for the log browser.',
  ];
}

function problemOf({ agent, invitation, store, tenant }: SetupOptions): AppError | null {
  if (invitation !== undefined && (store ?? tenant) !== undefined)
    return appError('usage', 'An invitation names the store already.', 'Leave --store and --tenant out.');
  const unknown = agent?.find((one) => !AGENTS.includes(one));
  if (unknown === undefined) return null;
  return appError(
    'usage',
    `"${unknown.slice(0, 40)}" is no agent that can be connected.`,
    `Use ${AGENTS.join(' or ')}.`,
  );
}

function noInvitation(): AppError {
  return appError(
    'usage',
    'That is not an invitation: one begins with session-log://join? and names a store and a team.',
    'Copy the whole link that `session-log invite` printed, in quotes.',
  );
}

function saysSomething(options: SetupOptions): boolean {
  const { invitation, store, tenant, name, user, email, agent, workspace, copyLogs, capture, yes } = options;
  return [invitation, store, tenant, name, user, email, agent, workspace, copyLogs, capture, yes].some(
    (option) => option !== undefined,
  );
}

function nobodyThere(): AppError {
  return appError(
    'usage',
    'There is no terminal to ask in, and no option says what to set up. Nothing was changed. It would ask: ' +
      'where logs are kept (--store, --tenant), who writes here (--name, --user, --email), whether to connect ' +
      'Claude Code (--agent claude-code), and which workspaces to list (--workspace) and which other logs to copy (--copy-logs), whether to keep the agent sessions (--capture); then it pushes once.',
    'Say it in options, or take the proposals: session-log setup --yes',
  );
}

function stepText(title: string, { says, undo, action }: StepDone): string {
  const back = undo !== null && action === 'changed' ? [`(to undo: ${undo})`] : [];
  return forTerminal(
    `${title}${[...says, ...back].map((line) => line.replaceAll(/^/gm, '   ')).join('\n')}\n`,
  );
}

function nextText({ next }: SetupReport): string {
  return ['', 'What next:', ...next.map((line) => `  ${line}`)].join('\n');
}
