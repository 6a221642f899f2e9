import { expect, it } from 'vitest';
import { en } from './en.ts';

it.each([
  ['the welcome', en.welcome.doneBody('1'), '1 log from this machine is in the store.'],
  ['an earlier identity', en.settings.machine.adoptLine(3, 4, '1'), '3 of 4 parts match, 1 log'],
  ['a file of a receipt', en.sync.receiptLines('appended', '1'), 'appended, +1 line'],
])('One of a kind is no plural: %s.', (_, text, words) => {
  expect(text.startsWith(words)).toBe(true);
  expect(text).not.toMatch(/\b1 (logs|lines)\b/);
});
