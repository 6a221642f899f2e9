import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { newSearch } from '../../testing/search-fixture.ts';
import { withholding, type WithholdingMachine } from '../../testing/secrets-world.ts';
import { createTestWorld, type TestWorld } from '../../testing/sync-world.ts';
import { refreshLocal } from '../workflows/refresh-local.ts';
import type { SearchDeps } from './search-deps.ts';
import { searchLogs } from './search-logs.ts';
import { sweepTexts } from './sweep.ts';

const NAME = '2026-06-05-ana-ledger.md';
const TOKEN = ['ghp', 'q7Wm2ZrT9xKc4VbN8sLd3JfH6yPg5AeUkR1t'].join('_');
const LABEL = '[secret: github token, kept on host-a]';

let world: TestWorld;
let a: WithholdingMachine;
let deps: SearchDeps;
beforeEach(() => {
  world = createTestWorld();
  a = withholding(world.machine('a'));
  deps = { sync: a.deps, search: newSearch(), me: () => ['ana'], ownCredentials: () => false };
});
afterEach(async () => {
  await a.scanner.close();
  await world.end();
});

async function sweep(): Promise<void> {
  unwrap(await refreshLocal(a.deps));
  unwrap(await sweepTexts(deps));
}

const lines = async (anew = false): Promise<string> =>
  unwrap(await searchLogs(deps, { text: 'gateway', anew }))
    .hits.flatMap(({ snippets }) => snippets.map(({ text }) => text))
    .join('\n');

it('looks for secrets once in a log: not when it is put in, and not for its lines', async () => {
  await a.write(NAME, '# Ledger\n\nThe gateway answers.\n');
  unwrap(await refreshLocal(a.deps));
  const find = vi.spyOn(a.scanner, 'find');
  unwrap(await sweepTexts(deps));
  expect(await lines()).toBe('The gateway answers.');
  expect(find).not.toHaveBeenCalled();
});

it('shows labels in the place of secrets, also in a log that changed after it was read in', async () => {
  await a.write(NAME, `# Ledger\n\nThe gateway has ${TOKEN} now.\n`);
  await sweep();
  expect(await lines()).toBe(`The gateway has ${LABEL} now.`);
  await a.write(NAME, `# Ledger\n\nThe gateway had ${TOKEN} then.\n`);
  expect(await lines()).toBe(`The gateway had ${LABEL} then.`);
});

it('looks again for whoever passes it on: it may have been read in while nothing was withheld', async () => {
  await a.write(NAME, `# Ledger\n\nThe gateway has ${TOKEN} now.\n`);
  a.mode = 'off';
  await sweep();
  a.mode = 'labels';
  expect(await lines(true)).toBe(`The gateway has ${LABEL} now.`);
});
