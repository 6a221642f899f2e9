import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allDone } from '../../testing/all-done.ts';
import { createTestWorld, testUuid, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { refreshLocal } from '../workflows/refresh-local.ts';
import { ledgerPath } from '../ledger/ledger.ts';
import { push } from './push.ts';

const NAME = '2026-01-06-mike-rocket.md';
const MARK = '<!-- session-log: session=s-1 saved=2026-01-06T10:03:00.000-07:00 text=0123456789abcdef -->';
const HEAD = `tenant-team/index/machines/${testUuid('a')}.json.gz`;

let world: TestWorld;
let a: TestMachine;

beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  await a.write(NAME, `# Rocket\n\n${MARK}\n`);
  await a.write('other.md', '# Something else\n');
});
afterEach(() => world.end());

/** Makes the ledger what a program before sessions would have left: rows without their last part, and no word of the format. */
function age(): void {
  const path = ledgerPath(a.deps);
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('{"described"'))
    .map((line) => line.replace(/,\{[^{}]*\}\]$/, ']'));
  writeFileSync(path, lines.join('\n'));
}

it('describes logs of an older program anew at the next push, sends none of them, and publishes what there is to say', async () => {
  allDone(await push(a.deps));
  age();
  expect(readFileSync(ledgerPath(a.deps), 'utf8')).not.toContain('"s-1"');
  a.calls.length = 0;
  expect(allDone(await push(a.deps))).toMatchObject({ uploaded: [], unchanged: 2, published: true });
  expect(a.calls.filter(({ operation }) => operation === 'put').map(({ name }) => name)).toEqual([HEAD]);
  expect(readFileSync(ledgerPath(a.deps), 'utf8')).toContain('"session":"s-1"');
});

it('does so once', async () => {
  await push(a.deps);
  age();
  await push(a.deps);
  a.calls.length = 0;
  expect(allDone(await push(a.deps)).published).toBe(false);
  expect(a.calls).toEqual([]);
});

it('leaves a first push that was stopped half-way with nothing to describe again', async () => {
  const stop = new AbortController();
  await push(a.deps, { signal: stop.signal, onProgress: ({ done }) => done === 1 && stop.abort() });
  expect(readFileSync(ledgerPath(a.deps), 'utf8')).toContain('{"described":');
});

it('shows the session in the list before anything is pushed again', async () => {
  await push(a.deps);
  age();
  // What an older program indexed was emptied with the index; here it never was in it.
  await a.deps.index.dropShard(a.deps.self.uuid);
  expect(await refreshLocal(a.deps)).toMatchObject({ ok: true });
  expect(await a.deps.index.row(`${a.deps.self.uuid}/${NAME}` as never)).toMatchObject({
    ok: true,
    value: { session: 's-1' },
  });
});

it('reads past a line of a later program', async () => {
  await push(a.deps);
  appendFileSync(ledgerPath(a.deps), '{"described":99}\n{"whatever":1}\n');
  expect(allDone(await push(a.deps)).published).toBe(false);
});
