import type { Command } from 'commander';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { formatBytes } from '../../../shared/format/amount.ts';
import { err, ok } from '../../../shared/result.ts';
import { AGENTS, type AgentId } from '../../../shared/transcripts/agents.ts';
import type { Core } from '../../compose/core.ts';
import { captureHere } from '../../compose/capture-here.ts';
import { findSession } from '../../core/workflows/capture-session.ts';
import { listSessions, type SessionList } from '../../core/workflows/list-sessions.ts';
import type { Outcome } from '../../core/workflows/outcome.ts';
import { conversationPlaces, readConversation } from '../../core/workflows/read-conversation.ts';
import { restoreTranscript } from '../../core/workflows/restore-transcript.ts';
import { sweepSessions, type SweepReport } from '../../core/workflows/sweep-sessions.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { drawnCapture } from '../drawn-capture.ts';
import { parseCount, several, zoneOf } from '../parse-options.ts';
import { capturedText, conversationHead, conversationText, sessionsText } from '../sessions-text.ts';
import { withCore, withOutcome } from '../with-core.ts';

interface SessionsOptions {
  readonly agent?: readonly string[];
  readonly limit?: string;
  readonly all?: boolean;
  readonly at?: string;
  readonly json?: boolean;
}

const SHOWN = 50;
/** A person waits for titles: heads and tails of as many sessions are read as this permits. */
const DESCRIBE_MS = 10_000;
const WAIT_MS = 60_000;
const PAGE_EVENTS = 1_000;

/** `session-log sessions`: every session of every agent on this machine, and what is stored of it. */
export function registerSessions(program: Command, context: CliContext): void {
  const sessions = program
    .command('sessions')
    .description(
      'sessions of coding agents on this machine: what is kept of each, and when its agent deletes it',
    )
    .option('--agent <agent>', `one of ${AGENTS.join(', ')}; may be repeated`, several)
    .option('--limit <rows>', `maximum number of rows (default: ${SHOWN})`)
    .option('--json', 'print one JSON envelope')
    .action((options: SessionsOptions) => runList(context, options));
  const optionsOf = (own: SessionsOptions): SessionsOptions => ({
    ...sessions.opts<SessionsOptions>(),
    ...own,
  });
  sessions
    .command('capture')
    .description('copy sessions, and make a log of each that has none')
    .argument('[id]', 'the session, or the beginning of its id')
    .option('--all', 'all of them')
    .option('--json', 'print one JSON envelope')
    .action((id: string | undefined, options: SessionsOptions) =>
      runCapture(context, id, optionsOf(options)),
    );
  sessions
    .command('restore')
    .description('put a session back where its agent looks for it; never overwrites a file')
    .argument('<id>', 'the session, or the beginning of its id')
    .option('--json', 'print one JSON envelope')
    .action((id: string, options: SessionsOptions) => runRestore(context, id, optionsOf(options)));
  sessions
    .command('show')
    .description('print the conversation of a session, from the agent’s file or the safe copy')
    .argument('<id>', 'the session, or the beginning of its id')
    .option('--at <position>', 'begin at this byte of the transcript, as named in captured logs')
    .option('--json', 'print one JSON envelope with the first thousand events')
    .action((id: string, options: SessionsOptions) => runShow(context, id, optionsOf(options)));
}

async function look(context: CliContext, core: Core, budgetMs: number): Promise<SessionList> {
  const deps = await captureHere(core);
  return listSessions(deps, { budgetMs, signal: context.signal });
}

async function runList(context: CliContext, options: SessionsOptions): Promise<void> {
  const limit = parseCount('limit', options.limit, 1);
  const unknown = options.agent?.find((one) => !AGENTS.some((agent) => agent === one));
  const problem = !limit.ok ? limit.error : unknown === undefined ? null : noSuchAgent(unknown);
  if (problem !== null) return finish(context, options.json ?? false, err(problem), () => '');
  const asked = limit.ok ? (limit.value ?? SHOWN) : SHOWN;
  await withCore(
    context,
    options.json ?? false,
    async (core) => {
      const list = await look(context, core, DESCRIBE_MS);
      const rows = list.rows.filter(({ agent }) => options.agent?.includes(agent) ?? true);
      return ok({ ...list, rows: options.json === true ? rows.slice(0, asked) : rows });
    },
    (list) => sessionsText(list, { now: Date.now(), width: context.columns(), limit: asked }),
  );
}

function noSuchAgent(name: string): AppError {
  return appError(
    'usage',
    `"${name.slice(0, 40)}" is no agent that is known here.`,
    `Use ${AGENTS.join(', ')}.`,
  );
}

async function runCapture(
  context: CliContext,
  id: string | undefined,
  { all = false, json = false }: SessionsOptions,
): Promise<void> {
  if ((id === undefined) !== all) {
    const usage = appError('usage', 'Say which session to capture.', 'Name its id, or give --all.');
    return finish(context, json, err(usage), () => '');
  }
  await withOutcome(
    context,
    json,
    async (core): Answer<Outcome<SweepReport>> => {
      const named = id === undefined ? ok(null) : await sessionNamed(context, core, id);
      if (!named.ok) return named;
      return drawnCapture(context, json, async (onProgress) =>
        sweepSessions(await captureHere(core), {
          sessions: named.value === null ? 'all' : [named.value],
          asked: true,
          signal: context.signal,
          waitMs: WAIT_MS,
          onProgress,
        }),
      );
    },
    capturedText,
  );
}

/** Finds a session by the beginning of its id. */
async function sessionNamed(
  context: CliContext,
  core: Core,
  id: string,
): Answer<{ readonly agent: AgentId; readonly id: string }> {
  const { rows } = await look(context, core, 0);
  const found = findSession(rows, id);
  return found.ok ? ok({ agent: found.value.agent, id: found.value.id }) : found;
}

async function runRestore(context: CliContext, id: string, { json = false }: SessionsOptions): Promise<void> {
  await withCore(
    context,
    json,
    async (core) => {
      const session = await sessionNamed(context, core, id);
      if (!session.ok) return session;
      const files = await restoreTranscript(await captureHere(core), session.value);
      return files.ok ? ok({ session: session.value, files: files.value }) : files;
    },
    ({ files }) =>
      files
        .map(({ path, action, size, command }) => {
          const next = command === null ? '' : `\n  let the agent take it in: ${command.join(' ')}`;
          return `${action === 'restored' ? 'Restored' : 'Already there'}: ${path} (${formatBytes(size)})${next}`;
        })
        .join('\n'),
  );
}

async function runShow(
  context: CliContext,
  id: string,
  { json = false, at }: SessionsOptions,
): Promise<void> {
  const start = parseCount('at', at, 0);
  if (!start.ok) return finish(context, json, start, () => '');
  await withCore(
    context,
    json,
    async (core) => {
      const session = await sessionNamed(context, core, id);
      if (!session.ok) return session;
      const deps = await captureHere(core);
      const places = conversationPlaces();
      const zone = zoneOf(core.settings);
      for (let from: number | null = start.value ?? 0, first = true; from !== null; first = false) {
        const page = await readConversation(deps, places, { ...session.value, from, limit: PAGE_EVENTS });
        if (!page.ok || json) return page;
        if (first) context.out(conversationHead(page.value.facts, zone));
        context.out(`${conversationText(page.value.events, zone)}\n`);
        from = context.signal.aborted ? null : page.value.next;
      }
      return ok(null);
    },
    () => '',
  );
}
