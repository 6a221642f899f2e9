import * as v from 'valibot';
import { expect, it } from 'vitest';
import { createMemoryFiles } from '../../testing/memory-files.ts';
import { createStillClock } from '../../testing/still-clock.ts';
import { readState, stateObject } from './state-file.ts';
import { KEPT_MS, tidyState } from './tidy-state.ts';

const FORMAT = { schema: stateObject({ n: v.number() }), maxBytes: 64 };
const DAY = 86_400_000;

it('removes a state file that was kept aside, 30 days after the first look, however old it was', async () => {
  const clock = createStillClock(Date.UTC(2026, 0, 5, 10, 20, 30));
  const files = createMemoryFiles(clock);
  files.put('/state/inbox.json', '{');
  files.put('/state/receipts.json', '{"n":1}');
  clock.advance(300 * DAY + 400);
  await readState(files, '/state/inbox.json', FORMAT);
  const kept = '/state/inbox.json.damaged-2026-01-05T10-20-30';
  const tidy = (): Promise<void> => tidyState({ files, clock }, '/state', '/cache');
  await tidy();
  expect(files.text(kept)).toBe('{');
  clock.advance(KEPT_MS);
  await tidy();
  expect(files.text(kept)).toBe('{');
  clock.advance(1);
  await tidy();
  expect(files.text(kept)).toBeNull();
  expect(files.text('/state/receipts.json')).toBe('{"n":1}');
});

it('leaves other names alone, and what killed writers left only while it is young', async () => {
  const clock = createStillClock();
  const files = createMemoryFiles(clock);
  const [temporary, others] = [
    '.a.md.0123456789ab.tmp',
    ['index.db.damaged', 'x.damaged-2026-99-01T10-20-30', 'a.md'],
  ];
  for (const folder of ['/state', '/cache/deep'])
    for (const name of [temporary, ...others]) files.put(`${folder}/${name}`, 'x');
  await tidyState({ files, clock }, '/state', '/cache');
  expect(files.text(`/cache/deep/${temporary}`)).toBe('x');
  clock.advance(2 * KEPT_MS);
  await tidyState({ files, clock }, '/state', '/cache');
  for (const folder of ['/state', '/cache/deep']) {
    expect(files.text(`${folder}/${temporary}`)).toBeNull();
    for (const name of others) expect(files.text(`${folder}/${name}`), name).toBe('x');
  }
});
