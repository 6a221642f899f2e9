import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { sampleShard } from '../../testing/sample-shards.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { ledgerPath, ledgerRow, openLedger, type Ledger, type PublishedShard } from './ledger.ts';

const { head, segments } = sampleShard(3, 400);
const ENTRIES = [...head, ...segments.flatMap(({ entries }) => entries)];
const PUBLISHED: PublishedShard = {
  seq: 4,
  generation: '17',
  segments: [{ name: '2025-11-1-aaaaaaaa.json.gz', month: '2025-11', count: 9, sha256: 'a'.repeat(64) }],
  digest: 'd',
  receiptsDigest: 'r',
  takeovers: 0,
};

let world: TestWorld;
let machine: TestMachine;
beforeEach(() => {
  world = createTestWorld();
  machine = world.machine('a');
});
afterEach(() => world.end());

const open = async (): Promise<Ledger> =>
  unwrap(await openLedger(machine.deps.files, ledgerPath(machine.deps)));
const pathOf = (at: number): LogPath => (ENTRIES[at] as (typeof ENTRIES)[number]).path;
const record = (ledger: Ledger, at: number, mtime: number): void => {
  const entry = ENTRIES[at] as (typeof ENTRIES)[number];
  ledger.record(ledgerRow({ ...entry, mtime }, 1));
};

it('knows after its next opening, and after it was rewritten, which rows the shard lacks', async () => {
  const ledger = await open();
  for (let at = 0; at < ENTRIES.length; at++) record(ledger, at, 1);
  ledger.recordPublished(PUBLISHED);
  expect(ledger.unpublished.size).toBe(0);
  record(ledger, 3, 2);
  record(ledger, 7, 2);
  ledger.forget(pathOf(9));
  unwrap(await ledger.flush());
  const lacking = new Set([pathOf(3), pathOf(7), pathOf(9)]);
  expect(ledger.unpublished).toEqual(lacking);
  const again = await open();
  expect(again.unpublished).toEqual(lacking);

  // As many lines as make it rewrite itself.
  for (let time = 3; time < 700; time++) record(again, 3, time);
  unwrap(await again.flush());
  const rewritten = await open();
  expect(rewritten.unpublished).toEqual(lacking);
  expect(rewritten.published).toEqual(PUBLISHED);
  expect(rewritten.rows.size).toBe(ENTRIES.length - 1);
  expect(rewritten.rows.get(pathOf(3))?.mtime).toBe(699);
});

it('has everything published again when the stored head changes while rows are missing in it', async () => {
  const ledger = await open();
  record(ledger, 0, 1);
  ledger.recordPublished(PUBLISHED);
  ledger.amendPublished({ ...PUBLISHED, generation: '18' });
  expect(ledger.published).toEqual({ ...PUBLISHED, generation: '18' });
  record(ledger, 1, 1);
  ledger.amendPublished({ ...PUBLISHED, generation: '19' });
  expect(ledger.published).toMatchObject({ generation: '19', segments: [], receiptsDigest: '' });
});
