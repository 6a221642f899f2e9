import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../main/cli/command-table.ts';
import type { Register } from '../../main/cli/run-cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CODE = ['main', 'shared', 'renderer', 'scripts'];
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'docs'];

/** A command line as it stands somewhere for a person to type. */
interface Named {
  readonly where: string;
  readonly words: readonly string[];
}

/** Words that `cli.ts` takes before the parser: agents' hooks and the lock process of a lock call them, and no person. */
const UNPARSED = ['hook', 'lock-process'];

let registrations: readonly Register[] = [];
beforeAll(async () => {
  registrations = await Promise.all(COMMANDS.map(({ load }) => load()));
});

/** What the parser of the product says against a command line; null when it would run it. Nothing is run. */
async function refusalOf(words: readonly string[]): Promise<string | null> {
  if (UNPARSED.includes(words[0] ?? '')) return null;
  const program = new Command('session-log').version('0', '-V, --version');
  for (const register of registrations) register(program, {} as never);
  disarm(program);
  try {
    await program.parseAsync(words, { from: 'user' });
    return null;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    // A sentence may name a command without its argument; and help and version end like this.
    return /missingArgument|missingMandatory|optionMissing|help|version/i.test(thrown.code)
      ? null
      : thrown.message;
  }
}

function disarm(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  // One that only holds others must stay without an action, or it would take a misspelt one for its argument.
  if (Reflect.get(command, '_actionHandler') !== null) command.action(() => undefined);
  for (const child of command.commands) disarm(child);
}

function filesBelow(part: string, ending: RegExp): readonly string[] {
  if (ending.test(part)) return [join(ROOT, part)];
  return readdirSync(join(ROOT, part), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The command lines in a page: code in lines and blocks. */
function inPage(file: string): readonly Named[] {
  const text = readFileSync(file, 'utf8');
  const blocks = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n').map((line) => line.replace(/\s#.*$/, '')),
  );
  const spans = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(
    ([, span = '']) => span,
  );
  return [...blocks, ...spans]
    .flatMap((line) => linesIn(line))
    .map((words) => ({ where: relative(ROOT, file), words }));
}

/** The command lines in the strings and comments of code. */
function inCode(file: string): readonly Named[] {
  const text = readFileSync(file, 'utf8')
    // An escaped backtick ends a command as one in a comment does.
    .replaceAll('\\`', '`')
    .replaceAll(/\\u2019|\\'/g, '’')
    .replaceAll(/\$\{[^{}]*\}/g, 'VALUE');
  return (
    [...text.matchAll(/(?<=[`'"]|: |, |[Rr]un |^ +\*? *|\n {2})session-log [^`'\n]*/gm)]
      // A hash's own words, and no command.
      .filter(([line]) => !line.includes('\\nVALUE'))
      .flatMap((match) => {
        const isQuoted = text[match.index - 1] === '"';
        return linesIn(isQuoted ? (match[0].split('"')[0] ?? '') : match[0]);
      })
      .map((words) => ({ where: relative(ROOT, file), words }))
  );
}

/** Splits what follows each `session-log ` of a line into the words of a command, without the sentence around it. */
function linesIn(line: string): readonly (readonly string[])[] {
  return (
    line
      .split(/(?<![\w./-])session-log (?=[a-z-])/)
      .slice(1)
      .map((rest) => rest.split(/[.;,:)](?:\s|$)|\s[|&(>=·→]|…|\s{2,}|"?\s[–-]\s|`|\\n|"\)/)[0] ?? '')
      .map((command) =>
        (command.match(/"[^"]*"?|'[^']*'?|[^\s"']+/g) ?? [])
          .map((word) => word.replaceAll(/^[[("']+|[\])"'.,;:?]+$/g, ''))
          .filter((word) => word !== ''),
      )
      .filter((words) => words.length > 0)
      // `on|off` stands for two command lines.
      .flatMap((words) => {
        const at = words.findIndex((word) => /^[a-z-]+(?:\|[a-z-]+)+$/.test(word));
        if (at < 0) return [words];
        return (words[at] ?? '').split('|').map((word) => words.with(at, word));
      })
  );
}

describe('every `session-log …` that a person is told to type', () => {
  const all = [
    ...PAGES.flatMap((part) => filesBelow(part, /\.md$/)).flatMap(inPage),
    ...CODE.flatMap((part) => filesBelow(part, /(?<!\.test)\.(?:ts|tsx|mjs)$/)).flatMap(inCode),
  ];

  it('is one that the parser takes', async () => {
    const refused: string[] = [];
    for (const { where, words } of all) {
      const why = await refusalOf(words);
      if (why !== null) refused.push(`${where}: session-log ${words.join(' ')}: ${why}`);
    }
    expect([...new Set(refused)]).toEqual([]);
  });

  it('was found', () => {
    expect(all.length).toBeGreaterThan(200);
    const lines = all.map(({ words }) => words.join(' '));
    for (const line of ['doctor', 'sync --push', 'config set store.url gs://BUCKET'])
      expect(lines).toContain(line);
  });

  it('would be refused if it were wrong', async () => {
    expect(await refusalOf(['sync', '--pusch'])).toContain('--pusch');
    expect(await refusalOf(['stauts'])).toContain('stauts');
    expect(await refusalOf(['hooks', 'instal'])).toContain('instal');
    expect(await refusalOf(['doctor', 'now'])).toContain('too many arguments');
    expect(await refusalOf(['hooks', 'install', '--dry-run'])).toBeNull();
    expect(await refusalOf(['lock', '--', 'bash', '-c', 'true'])).toBeNull();
  });
});
