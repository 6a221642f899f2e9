import type { Command, Option } from 'commander';
import { EXIT } from '../../shared/app-error.ts';

/** Exit codes, for people who write scripts; docs/interfaces.md lists every one. */
const EXITS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'Done.',
  bug: 'A fault of the program.',
  usage: 'The command line or its input is wrong.',
  attention: 'A person has to decide, or only a part is done.',
  unavailable: 'The store or the remote cannot be reached.',
  lockLost: 'Somebody else has taken over; nothing was overwritten.',
  io: 'This disk failed or is full.',
  deferred: 'Deferred: somebody else is syncing; it will be retried.',
  denied: 'No permission.',
  notConfigured: 'A setting is missing or wrong.',
  interrupted: 'Ended by Ctrl+C.',
};

const VARIABLES: readonly (readonly [name: string, meaning: string])[] = [
  ['SESSION_LOG_HOME', 'The data folder.'],
  ['SESSION_LOG_SESSION', 'The session id that save uses.'],
  ['HTTPS_PROXY, ALL_PROXY, NO_PROXY', 'The way to the store and to sign-in services.'],
  ['NO_COLOR, CLICOLOR_FORCE', 'Plain or coloured output, whatever standard output is.'],
];

/**
 * Generates the manual page of a program, in the man macros that groff and mandoc read: every command that help shows with its arguments,
 * options and examples, from the same registrations.
 * @param program with all its commands
 * @param version for the footer
 */
export function manPage(program: Command, version: string): string {
  const name = program.name();
  const sections = [
    `.TH ${quoted(name.toUpperCase())} 1 "" ${quoted(`${name} ${version}`)} "User Commands"`,
    '.SH NAME',
    `${roff(name)} \\- ${roff(program.description().replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    `.B ${roff(name)}`,
    roff(program.createHelp().commandUsage(program).replace(name, '').trim()),
    '.SH COMMANDS',
    ...shownIn(program).flatMap((command) => commandPart(command)),
    '.SH OPTIONS',
    ...optionsOf(program),
    '.SH EXIT STATUS',
    ...Object.entries(EXITS).flatMap(([key, meaning]) =>
      item(`.B ${EXIT[key as keyof typeof EXIT]}`, meaning),
    ),
    '.SH ENVIRONMENT',
    ...VARIABLES.flatMap(([variable, meaning]) => item(`.B ${roff(variable)}`, meaning)),
    '.SH SEE ALSO',
    '.BR git (1)',
  ];
  return `${sections.filter((line) => line !== '').join('\n')}\n`;
}

function commandPart(command: Command, path = ''): readonly string[] {
  const whole = `${path} ${command.name()}`.trim();
  const help = command.createHelp();
  const usage = help.commandUsage(command).replace(/^.*? (?=\[|<|$)/, '');
  const parts = help
    .visibleArguments(command)
    .flatMap((argument) =>
      item(`.I ${roff(help.argumentTerm(argument))}`, help.argumentDescription(argument)),
    );
  return [
    `.SS ${quoted([whole, ...command.aliases().filter((alias) => alias !== '')].join(', '))}`,
    `.B ${roff(`session-log ${whole}`)}`,
    roff(usage),
    '.PP',
    roff(sentence(help.commandDescription(command))),
    ...parts,
    ...optionsOf(command),
    ...shownIn(command).flatMap((child) => commandPart(child, whole)),
  ];
}

function optionsOf(command: Command): readonly string[] {
  const help = command.createHelp();
  // Every command has --help, which the page itself replaces.
  return help
    .visibleOptions(command)
    .filter((option: Option) => option.long !== '--help')
    .flatMap((option) => item(`.B ${roff(help.optionTerm(option))}`, help.optionDescription(option)));
}

function shownIn(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
}

/** A term and its description. */
function item(term: string, meaning: string): readonly string[] {
  return ['.TP', term, roff(sentence(meaning) || 'No more is to be said.')];
}

function sentence(text: string): string {
  // Not for a value: `gs://BUCKET`, `claude-code`.
  const start = text.replace(/^[a-z](?=[a-z]*(?:[\s,;]|$))/, (letter) => letter.toUpperCase());
  return start === '' || /[.!?:]$/.test(start) ? start : `${start}.`;
}

function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`;
}

/** Escapes text for roff: nothing in it is a macro, hyphens can be copied, and other characters are given by number. */
function roff(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(
      /[^\x20-\x7e]/gu,
      (char) => `\\[u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^(?=[.'])/, '\\&');
}
