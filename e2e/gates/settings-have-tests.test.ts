import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { parseSettings } from '../../shared/domain/settings-schema.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Remembers that the first steps were taken; nothing that a person switches. */
const NO_SWITCH = new Set(['app.firstRunDone']);

/** Settings that are a switch or one of a few: what a person meets as a switch or a list to choose from. */
function choices(): string[] {
  return Object.entries(DEFAULT_SETTINGS).flatMap(([group, values]) =>
    typeof values === 'object'
      ? Object.keys(values)
          .map((name) => `${group}.${name}`)
          .filter((key) => isChoice(key) && !NO_SWITCH.has(key))
      : [],
  );
}

function isChoice(key: string): boolean {
  const [group = '', name = ''] = key.split('.');
  const parsed = parseSettings({ [group]: { [name]: 'no such choice' } });
  return (
    key === 'git.schedule' ||
    (!parsed.ok && parsed.error.some(({ problem }) => /must be (?:true or false|one of)/.test(problem)))
  );
}

/** What all tests are called. */
function titles(): string {
  const found: string[] = [];
  for (const folder of ['main', 'renderer', 'shared', 'e2e'])
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
      if (/\.(?:test|spec)\.tsx?$/.test(entry.name)) {
        const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
        for (const [, title = ''] of text.matchAll(/\b(?:it|test)\b[^'"`]{0,400}?\(\s*['"`]([^\n]*?)['"`],/g))
          found.push(title);
      }
  return found.join('\n');
}

it.each(choices())('the setting %s does something: a test is named after it', (key) => {
  expect(titles()).toContain(key);
});
