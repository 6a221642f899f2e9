import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import packageJson from '../../../package.json' with { type: 'json' };
import { appError, type AppError } from '../../../shared/app-error.ts';
import { forTerminal } from '../../../shared/domain/terminal-text.ts';
import { err, type Result } from '../../../shared/result.ts';
import { takeTurns } from '../../core/concurrency/take-turns.ts';
import type { CliContext } from '../cli-context.ts';
import { listTool } from './list-tool.ts';
import { notesTool } from './notes-tool.ts';
import { pendingTool } from './pending-tool.ts';
import { readTool } from './read-tool.ts';
import { saveTool } from './save-tool.ts';
import { searchTool } from './search-tool.ts';
import { parseArguments, type ToolArguments } from './tool-arguments.ts';
import { Freshness, type RunTool, type ToolBase } from './tool-base.ts';
import { TOOL_NAMES, TOOLS, type ToolName } from './tool-list.ts';

/** Maximum bytes of one message: a log of a million characters, escaped. */
const MESSAGE_BYTES = 8 * 1024 * 1024;
/** Milliseconds left to a pending call after the client is gone: a save writes its log in a fraction of it. */
const LAST_CALL_MS = 5_000;
/** Maximum characters of a failure. */
const FAILURE = 1_500;

/** Runs a tool with an agent's input. */
type Run = (opened: Opened, given: unknown, signal: AbortSignal) => Promise<Result<string, AppError>>;

const RUN: Readonly<Record<ToolName, Run>> = {
  search_logs: parsed('search_logs', searchTool),
  read_log: parsed('read_log', readTool),
  list_logs: parsed('list_logs', listTool),
  pending_tasks: parsed('pending_tasks', pendingTool),
  list_notes: parsed('list_notes', notesTool),
  save_log: parsed('save_log', saveTool),
};

/** A client's response to a call: one text. */
interface Answer {
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly isError?: boolean;
  readonly [more: string]: unknown;
}

/** Serves the tools on standard input and output until the client closes them, or Ctrl+C. Nothing else may write to standard output. */
export async function serveMcp(context: CliContext): Promise<void> {
  const over = new AbortController();
  const session = AbortSignal.any([context.signal, over.signal]);
  const base = openOnce(context, session);
  // Concurrent calls would compete for one index; they take turns.
  const inTurn = takeTurns(1);
  let last: Promise<unknown> = Promise.resolve();
  const transport = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: MESSAGE_BYTES });
  const handle = serveStdio(
    () =>
      newServer((name, args, signal) => {
        const answer = inTurn(async () =>
          // Nobody reads this response; a call cancelled before its turn is not started, or it would be saved all the
          // same.
          signal.aborted
            ? answerOf(err(cancelled()))
            : call(base, name, args, AbortSignal.any([signal, session])),
        );
        last = answer;
        return answer;
      }),
    { transport, onerror: (error) => context.warn(`session-log mcp: ${error.message.slice(0, 200)}\n`) },
  );
  await closed(context.signal);
  over.abort();
  await Promise.race([last.catch(() => undefined), sleep(LAST_CALL_MS)]);
  await handle.close();
  await base.close();
}

type Call = (name: string, args: unknown, signal: AbortSignal) => Promise<Answer>;

function newServer(run: Call): Server {
  const server = new Server(
    { name: packageJson.name, version: packageJson.version },
    { capabilities: { tools: {} } },
  );
  server.setRequestHandler('tools/list', () => ({ tools: [...TOOLS] }));
  server.setRequestHandler('tools/call', ({ params }, ctx) =>
    run(params.name, params.arguments, ctx.mcpReq.signal),
  );
  return server;
}

/** The base, opened by the first call that needs it: a client starts the server with every session, and most never call it. */
interface Opened {
  get(): Promise<Result<ToolBase, AppError>>;
  close(): Promise<void>;
}

function openOnce(context: CliContext, session: AbortSignal): Opened {
  let opened: Promise<Result<ToolBase, AppError>> | null = null;
  const open = async (): Promise<Result<ToolBase, AppError>> => {
    const core = await context.core();
    if (!core.ok) return core;
    const { cwd, env } = context;
    return { ok: true, value: { core: core.value, cwd, env, fresh: new Freshness(core.value, session) } };
  };
  return {
    get: async () => {
      const base = await (opened ??= open());
      // Repairs by a person should take effect without a new session.
      if (!base.ok) opened = null;
      return base;
    },
    close: async () => {
      const base = await opened;
      if (base?.ok) await base.value.core.close();
    },
  };
}

async function call(base: Opened, name: string, given: unknown, signal: AbortSignal): Promise<Answer> {
  const tool = TOOL_NAMES.find((one) => one === name);
  if (tool === undefined)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `There is no tool ${JSON.stringify(name.slice(0, 60))}.`,
    );
  return answerOf(await RUN[tool](base, given, signal));
}

function answerOf(answer: Result<string, AppError>): Answer {
  if (answer.ok) return { content: [{ type: 'text', text: answer.value }] };
  return { content: [{ type: 'text', text: failureText(answer.error) }], isError: true };
}

function parsed<Name extends ToolName>(name: Name, tool: RunTool<ToolArguments<Name>>): Run {
  return async (opened, given, signal) => {
    const args = parseArguments(name, given);
    if (!args.ok) return args;
    const base = await opened.get();
    return base.ok ? tool(base.value, args.value, signal) : base;
  };
}

function cancelled(): AppError {
  return appError('cancelled', 'The call was cancelled.', 'Call again.');
}

/** A failure as one line of JSON, so that an agent sees its kind and remedy. */
function failureText({ code, message, remedy }: AppError): string {
  return JSON.stringify({
    error: code,
    message: forTerminal(message).slice(0, FAILURE),
    remedy: forTerminal(remedy).slice(0, FAILURE),
  });
}

/** Settles when the client has closed standard input, or the process is told to stop. */
function closed(signal: AbortSignal): Promise<void> {
  return new Promise((settle) => {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => settle());
    signal.addEventListener('abort', () => settle(), { once: true });
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, ms).unref());
}
