import { expect, it } from 'vitest';
import { askedWords, promptTitle } from './prompt-title.ts';

it.each([
  ['Fix the lookup of internal names.\nIt fails since Monday.', 'Fix the lookup of internal names.'],
  [
    'Implement the following plan:\n\n# Retries that do not double-post\n\n## Why',
    'Retries that do not double-post',
  ],
  ['this change:\n\n- move the build to the new runner', 'this change: - move the build to the new runner'],
  ['brainstorm:\n```\nnames for the gateway', 'brainstorm: names for the gateway'],
  ['\u276f run the import once more', 'run the import once more'],
  ['> \u276f ## Move the DNS', 'Move the DNS'],
  ['do this:', 'do this:'],
  ['\n---\n  ', ''],
  ['', ''],
  [
    'The nightly import stops at row 40,000 and the log of the gateway says only this:\nEPIPE',
    'The nightly import stops at row 40,000 and the log of the gateway says only this:',
  ],
])('%j is known as %j', (prompt, title) => {
  expect(promptTitle(prompt)).toBe(title);
});

it.each([
  ['Fix the lookup.', 'Fix the lookup.'],
  ['/review the retries of the importer', 'the retries of the importer'],
  ['/copy-context 请你分析一下我这里的处理', '请你分析一下我这里的处理'],
  ['/add src/lookup.ts src/names.ts **', ''],
  ['/model opus', ''],
  ['/superpowers:brainstorm', ''],
  ['/home/ada/harbour is slow', '/home/ada/harbour is slow'],
])('%j asks for %j', (title, words) => {
  expect(askedWords(title)).toBe(words);
});
