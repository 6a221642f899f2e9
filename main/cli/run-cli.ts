import { Command, CommanderError } from 'commander';
import { appError, EXIT, type AppError } from '../../shared/app-error.ts';
import { err } from '../../shared/result.ts';
import { describeError, jsonLine, type CliContext } from './cli-context.ts';
import { endProcess, openProcess, reportBug } from './cli-process.ts';

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
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
  register(program, context);
  const json = process.argv.includes('--json');
  program.configureOutput({
    writeOut: (text) => context.out(text),
    // With --json only the envelope may be on standard output, and command line errors are envelopes too.
    writeErr: (text) => (json ? undefined : context.warn(text)),
    // Reported by `report`, worded like every other failure.
    outputError: () => undefined,
  });
  for (const command of program.commands) inheritOutput(command, program);
  try {
    await program.parseAsync(process.argv);
  } catch (thrown) {
    report(context, program, json, thrown);
  }
  endProcess();
}

function inheritOutput(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheritOutput(child, command);
}

function report(context: CliContext, program: Command, json: boolean, thrown: unknown): void {
  if (thrown instanceof CommanderError) {
    // Help and version end this way too, with 0.
    if (thrown.exitCode === 0) return;
    const error = usageError(thrown, program, process.argv.slice(2));
    if (json) context.out(jsonLine(err(error)));
    // A command that only groups others has shown its help.
    else if (thrown.code !== 'commander.help') context.warn(`${describeError(error)}\n`);
    context.exitWith(EXIT.usage);
    return;
  }
  reportBug(context, json, thrown);
}

/** Converts a parser error to a failure like every other: one sentence, and the help of the intended command. */
function usageError({ code, message }: CommanderError, program: Command, words: readonly string[]): AppError {
  const meant = program.commands.find((command) =>
    [command.name(), ...command.aliases()].some((name) => name === words[0]),
  );
  const help = [program.name(), ...(meant === undefined ? [] : [meant.name()]), '--help'].join(' ');
  return appError(
    'usage',
    code === 'commander.help' ? 'Say which of its commands.' : usageSentence(message),
    `See \`${help}\`.`,
  );
}

/**
 * Rewrites the parser's message as a sentence: `error: unknown command 'lsit'\n(Did you mean list?)` becomes `Unknown command "lsit". Did
 * you mean "list"?`.
 * @param words of commander
 */
export function usageSentence(words: string): string {
  const [said = '', more = ''] = words.replace(/^error: /, '').split('\n');
  const near = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(more)?.[1]?.split(', ') ?? [];
  const sentence = said.replaceAll(/'([^']*)'/g, '"$1"').replace(/\.?$/, '.');
  const question = near.length === 0 ? '' : ` Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${question}`;
}
