import { Command, CommanderError } from 'commander';
import { appError, EXIT } from '../../shared/app-error.ts';
import { err } from '../../shared/result.ts';
import { jsonLine, type CliContext } from './cli-context.ts';
import { openProcess, reportBug } from './cli-process.ts';

/** Adds commands to a program. */
export type Register = (program: Command, context: CliContext) => void;

/**
 * Runs one command line to its end and sets the process's exit code (sysexits: 0 done, 64 usage, 65 attention, 75 deferred, …).
 * @param name of the program, for help
 * @param register adds the commands (or, for a single-purpose program, options and action)
 */
export async function runCli(name: string, version: string, register: Register): Promise<void> {
  const context = openProcess();
  const program = new Command(name)
    .version(version, '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows how)')
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
  register(program, context);
  const json = process.argv.includes('--json');
  program.configureOutput({
    writeOut: (text) => context.out(text),
    // With --json nothing but the envelope may stand on standard output, and errors of the command line are envelopes too.
    writeErr: (text) => (json ? undefined : context.warn(text)),
  });
  for (const command of program.commands) inheritOutput(command, program);
  try {
    await program.parseAsync(process.argv);
  } catch (thrown) {
    report(context, json, thrown);
  }
}

function inheritOutput(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheritOutput(child, command);
}

function report(context: CliContext, json: boolean, thrown: unknown): void {
  if (thrown instanceof CommanderError) {
    // Help and version end this way too, with 0.
    if (thrown.exitCode === 0) return;
    const error = appError('usage', thrown.message.replace(/^error: /, ''), 'Add --help to see how.');
    if (json) context.out(jsonLine(err(error)));
    context.exitWith(EXIT.usage);
    return;
  }
  reportBug(context, json, thrown);
}
