import { Command, CommanderError } from 'commander';
import { appError, EXIT, exitCodeOf, type AppError } from '../../shared/app-error.ts';
import { err, type Result } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import { resolveHome } from '../compose/paths.ts';
import { describeError, type CliContext } from './cli-context.ts';

/** Adds commands to a program. */
export type Register = (program: Command, context: CliContext) => void;

/**
 * Runs one command line to its end and sets the process's exit code (sysexits: 0 done, 64 usage, 65 attention, 75 deferred, …).
 * Ctrl+C asks the command to stop at its next safe point; a second one ends the process.
 * @param name of the program, for help
 * @param register adds the commands (or, for a single-purpose program, options and action)
 */
export async function runCli(name: string, version: string, register: Register): Promise<void> {
  const stop = new AbortController();
  const context = createContext(stop.signal);
  process.on('SIGINT', () => interrupt(stop, context));
  process.on('SIGTERM', () => interrupt(stop, context));
  const program = new Command(name)
    .version(version, '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows how)')
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
  register(program, context);
  const json = process.argv.includes('--json');
  // With --json nothing but the envelope may stand on standard output, and errors of the command line are envelopes too.
  if (json) program.configureOutput({ writeErr: () => undefined });
  for (const command of program.commands) inheritOutput(command, program, json);
  try {
    await program.parseAsync(process.argv);
  } catch (thrown) {
    report(context, json, thrown);
  }
}

function inheritOutput(command: Command, parent: Command, json: boolean): void {
  command.copyInheritedSettings(parent);
  if (json) command.configureOutput({ writeErr: () => undefined });
  for (const child of command.commands) inheritOutput(child, command, json);
}

function report(context: CliContext, json: boolean, thrown: unknown): void {
  if (thrown instanceof CommanderError) {
    // Help and version end this way too, with 0.
    if (thrown.exitCode === 0) return;
    const error = appError('usage', thrown.message.replace(/^error: /, ''), 'Add --help to see how.');
    if (json) context.out(`${JSON.stringify(err(error))}\n`);
    context.exitWith(EXIT.usage);
    return;
  }
  const error = appError(
    'bug',
    `Something went wrong inside session-log: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    'Your logs are as they were. Please report this with the text above.',
  );
  if (json) context.out(`${JSON.stringify(err(error))}\n`);
  context.note(`${describeError(error)}\n`);
  if (process.env['SESSION_LOG_DEBUG'] && thrown instanceof Error) context.note(`${thrown.stack ?? ''}\n`);
  context.exitWith(exitCodeOf(error));
}

function interrupt(stop: AbortController, context: CliContext): void {
  if (stop.signal.aborted) process.exit(EXIT.interrupted);
  context.note('\nStopping; once more to end at once. What is done stays done.\n');
  stop.abort();
}

function createContext(signal: AbortSignal): CliContext {
  return {
    env: process.env,
    cwd: process.cwd(),
    interactive: process.stderr.isTTY,
    signal,
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    readInput: async () => {
      const parts: Uint8Array[] = [];
      for await (const part of process.stdin) parts.push(part as Uint8Array);
      return Buffer.concat(parts);
    },
    core: openCoreLazily,
    exitWith: (code) => {
      process.exitCode = code;
    },
  };
}

/** The core is a chunk of its own: `--help` and `--version` need none of it. */
async function openCoreLazily(): Promise<Result<Core, AppError>> {
  const home = resolveHome();
  if (!home.ok) return home;
  const { openCore } = await import('../compose/node.ts');
  return openCore(home.value);
}
