import { expect, it } from 'vitest';
import { createMemoryFiles } from '../../testing/memory-files.ts';
import { createStillClock } from '../../testing/still-clock.ts';
import { capturedLogs } from './captured-logs.ts';

const FOLDER = 'captured/codex/2026-03';
const log = (session: string): string =>
  `# Session Log — Work\n\n<!-- session-log: session=${session} saved=2026-03-03T10:00:00 text=0123456789abcdef -->\n`;

it('are looked into once for all sessions of a day, and know those that were made since', async () => {
  const files = createMemoryFiles(createStillClock());
  for (const n of [1, 2, 3]) files.put(`/logs/${FOLDER}/2026-03-03-ada-work-${n}.md`, log(`session-${n}`));
  let looks = 0;
  files.fault = (call) => {
    if (call === 'readHead') looks++;
    return null;
  };
  const logs = capturedLogs(files, '/logs');
  const find = (session: string): Promise<string | null> =>
    logs.find(`${FOLDER}/2026-03-03-ada-new`, session);
  const found = await Promise.all(['session-2', 'session-3', 'session-9'].map(find));
  expect(found).toEqual([`${FOLDER}/2026-03-03-ada-work-2.md`, `${FOLDER}/2026-03-03-ada-work-3.md`, null]);
  logs.made(`${FOLDER}/2026-03-03-ada-new.md`, 'session-9');
  expect(await find('session-9')).toBe(`${FOLDER}/2026-03-03-ada-new.md`);
  expect(looks).toBe(3);
});
