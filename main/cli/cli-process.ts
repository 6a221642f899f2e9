import { setMaxListeners } from 'node:events';
import { appError, EXIT, exitCodeOf, type Answer } from '../../shared/app-error.ts';
import { err } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import { resolveHome } from '../compose/paths.ts';
import { forTerminal, forTerminalLine } from '../../shared/domain/terminal-text.ts';
import { describeError, jsonLine, type CliContext } from './cli-context.ts';
import { leaveIfBlocked } from './leave-if-blocked.ts';
import { processOutput } from './process-output.ts';
import { applyStyle } from './terminal-style.ts';

/** This process as commands see it. Ctrl+C asks the command to stop at its next safe point; a second one ends the process. */
export function openProcess(): CliContext {
  // Every pending request listens to one signal, this one or one derived from it with a deadline. Node 20 takes eleven for a leak and
  // warns on standard error.
  setMaxListeners(0);
  const stop = new AbortController();
  const context = createContext(stop.signal);
  process.on('SIGINT', (signal) => interrupt(stop, context, signal));
  process.on('SIGTERM', (signal) => interrupt(stop, context, signal));
  return context;
}

/** The single handler for throws, which are bugs. */
export function reportBug(context: CliContext, json: boolean, thrown: unknown): void {
  const error = appError(
    'bug',
    `Something went wrong inside session-log: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    'Your logs are as they were. Please report this with the text above.',
  );
  if (json) context.out(jsonLine(err(error)));
  context.warn(`${describeError(error)}\n`);
  if (process.env['SESSION_LOG_DEBUG'] && thrown instanceof Error) context.warn(`${thrown.stack ?? ''}\n`);
  context.exitWith(exitCodeOf(error));
}

/** To be called once, when the command has ended: the process then ends as well, even if a mount keeps one of its calls for ever. */
export function endProcess(): void {
  leaveIfBlocked(() => [...streams].every(({ writableLength }) => writableLength === 0));
}

function interrupt(stop: AbortController, context: CliContext, signal: NodeJS.Signals): void {
  if (stop.signal.aborted) endNow(signal);
  context.warn('\nStopping; once more to end at once. What is done stays done.\n');
  stop.abort();
}

/**
 * Ends this process as an unhandled signal would. `process.exit` would wait for pending file calls, and those on a mount whose server is
 * gone never end.
 */
function endNow(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Streams of Node's that something was written to: it may still be on its way. */
const streams = new Set<NodeJS.WriteStream>();

function using(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  streams.add(stream);
  return stream;
}

function createContext(signal: AbortSignal): CliContext {
  const warn = processOutput(
    2,
    () => using(process.stderr),
    () => undefined,
  );
  const out = processOutput(
    1,
    () => using(process.stdout),
    (reason) => {
      warn(`session-log: The output could not be written (${reason}).\n`);
      process.exitCode = EXIT.io;
    },
  );
  return {
    env: process.env,
    cwd: process.cwd(),
    // Evaluated only by commands that show progress: creating the stream takes milliseconds.
    get interactive() {
      return process.stderr.isTTY;
    },
    columns: () => (process.stdout.isTTY ? process.stdout.columns : null),
    signal,
    // The single place all output for people passes through: names of files, machines and objects come from anybody.
    out: (text) => out(applyStyle(forTerminal(text))),
    warn: (text) => warn(forTerminal(text)),
    outAsIs: out,
    draw: (line) => warn(`\r\u001b[2K${forTerminalLine(line)}`),
    readInput: async (limit) => {
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const part of process.stdin as AsyncIterable<Uint8Array>) {
        size += part.length;
        if (size > limit) return null;
        parts.push(part);
      }
      return Buffer.concat(parts);
    },
    core: () => openCoreLazily(signal),
    exitWith: (code) => {
      process.exitCode = code;
    },
  };
}

/** The core is a separate chunk: `--help` and `--version` do not need it. */
async function openCoreLazily(signal: AbortSignal): Answer<Core> {
  const home = resolveHome();
  if (!home.ok) return home;
  const { openCore } = await import('../compose/node.ts');
  return openCore(home.value, { cwd: process.cwd(), signal });
}
