import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foundRemedies } from '../gates/found-remedies.ts';
import { BUCKET_ROWS } from './bucket-remedies.ts';
import { COMMAND_ROWS } from './command-remedies.ts';
import { LOG_ROWS } from './log-remedies.ts';
import { commandsIn, type Row } from './remedy-box.ts';
import { SEALING_ROWS } from './sealing-remedies.ts';
import { SESSION_ROWS } from './session-remedies.ts';
import { NOT_HERE } from './untried-remedies.ts';
import { UPKEEP_ROWS } from './upkeep-remedies.ts';

/** Each is tried by a `remedies-*.test.ts`: several files, which run at once. */
const TABLES: Readonly<Record<string, readonly Row[]>> = {
  BUCKET_ROWS,
  COMMAND_ROWS,
  LOG_ROWS,
  SEALING_ROWS,
  SESSION_ROWS,
  UPKEEP_ROWS,
};
const ROWS = Object.values(TABLES).flat();

describe('a remedy', () => {
  it('is tried for every command that a remedy names, or the reason is written down why not', () => {
    const untried = foundRemedies()
      .filter(({ text }) => /(?:^|`|: )session-log [a-z]/.test(text))
      .filter(({ where }) => !NOT_HERE.some(([file]) => file.test(where)))
      .flatMap(({ where, text }) =>
        commandsIn({ code: 0, out: text, err: '' }, null)
          .map((words) => words.join(' '))
          .filter((command) => !ROWS.some((row) => row.command.test(command)))
          .map((command) => `${where}: ${command}`),
      );
    expect([...new Set(untried)]).toEqual([]);
  });

  it('of each table is run by a test', () => {
    const tests = readdirSync(import.meta.dirname)
      .filter((name) => /^remedies-.*\.test\.ts$/.test(name))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
    for (const table of Object.keys(TABLES))
      expect(
        tests.filter((text) => new RegExp(`tryRemedies\\(.*\\b${table}\\b`).test(text)),
        table,
      ).toHaveLength(1);
  });
});
