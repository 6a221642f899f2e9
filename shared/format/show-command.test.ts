import { expect, it } from 'vitest';
import type { LogId } from '../domain/ids.ts';
import { showCommand } from './show-command.ts';

it.each([
  ['2a/2026-01-05-mara-x.md', 'session-log show 2a/2026-01-05-mara-x.md'],
  ['2a/day.md#s-1', 'session-log show 2a/day.md#s-1'],
  ["2a/it's $HOME.md", "session-log show '2a/it'\\''s $HOME.md'"],
])('%s is one word for a shell', (id, command) => {
  expect(showCommand(id as LogId)).toBe(command);
});
