import { expect, it } from 'vitest';
import { usageSentence } from './run-cli.ts';

it.each([
  ["error: unknown command 'lsit'\n(Did you mean list?)", 'Unknown command "lsit". Did you mean "list"?'],
  [
    "error: unknown option '--mahcine'\n(Did you mean one of --machine, --match?)",
    'Unknown option "--mahcine". Did you mean "--machine" or "--match"?',
  ],
  ["error: missing required argument 'shell'", 'Missing required argument "shell".'],
  ["error: option '--limit <n>' argument missing", 'Option "--limit <n>" argument missing.'],
])('says %j as one sentence', (words, sentence) => {
  expect(usageSentence(words)).toBe(sentence);
});
