import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIndexEngine } from '../../main/adapters/sqlite/index-engine.ts';
import { packEntries } from '../../main/adapters/sqlite/packed-entries.ts';
import type { PackedEntries } from '../../main/core/ports/packed-entries.ts';
import { createSqliteLogIndex } from '../../main/adapters/sqlite/sqlite-log-index.ts';
import { createNodeBytes } from '../../main/adapters/system/node-bytes.ts';
import type { LogIndex, ShardEntries } from '../../main/core/ports/log-index.ts';
import { readSegmentForIndex } from '../../main/core/sync/read-shard.ts';
import { sampleShard, type SampleShard } from '../../main/testing/sample-shards.ts';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import type { LogQuery } from '../../shared/domain/log-query.ts';
import { unwrap } from '../../shared/result.ts';
import type { BenchRow } from './bench-row.ts';

const MACHINES = 100;
const LOGS = 1_825;
const ALL = MACHINES * LOGS;
/** As many as a pull has in flight. */
const AT_ONCE = 16;
const bytes = createNodeBytes();
const TYPED = ['lock queue', 'merge inner parser', 'person ana', 'atlas', 'zoe', '2026-05'];

/** A shard whose segments are as the store gives them, unpacked. */
interface StoredShard extends Pick<SampleShard, 'content' | 'head'> {
  readonly segments: readonly { readonly name: string; readonly json: Uint8Array }[];
}

/** The local index with the logs that a hundred machines write in a year. */
export async function indexBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'session-log-index-bench-'));
  try {
    const shards = Array.from({ length: MACHINES }, (_, number) => storedShard(number));
    // First, while no worker of another load reads words in its spare time.
    const cpuSeconds = await workerCpu(folder, shards);
    const loads: Load[] = [];
    for (let run = 0; run < 3; run++) {
      await loads.at(-1)?.index.close();
      loads.push(await load(join(folder, String(run), 'index.db'), shards));
    }
    const last = loads.at(-1) as Load;
    const rows = [
      row(
        `index: cold load of ${ALL} logs, wall`,
        median(loads.map((one) => one.ms)) / 1_000,
        's',
        'under 2.5',
        2.5,
      ),
      row(`index: cold load of ${ALL} logs, CPU of the worker`, cpuSeconds, 's', 'under 2', 2),
      row(
        'index: a shard of 1,825 logs holds its caller up',
        median(loads.flatMap((one) => one.held)),
        'ms',
        'under 8',
        8,
      ),
      ...(await reading(last.index, shards)),
      ...(await changing(last.index, shards, folder)),
    ];
    await last.index.close();
    return [...rows, memory(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Load {
  readonly index: LogIndex;
  readonly ms: number;
  /** Milliseconds that reading and handing over each shard kept the calling thread. */
  readonly held: readonly number[];
}

async function load(file: string, shards: readonly StoredShard[]): Promise<Load> {
  const index = createSqliteLogIndex({ file, own: shards[0]?.content.machine ?? null });
  unwrap(await index.knownShards());
  const held: number[] = [];
  let next = 0;
  const feed = async (): Promise<void> => {
    for (let shard = shards[next++]; shard; shard = shards[next++]) {
      const before = performance.now();
      const put = index.putShard(shard.content, shard.head, readAll(shard));
      held.push(performance.now() - before);
      unwrap(await put);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, feed));
  return { index, ms: performance.now() - start, held };
}

/** Seconds of CPU for the worker's part alone, on this thread: what a busy machine cannot stretch. */
async function workerCpu(folder: string, shards: readonly StoredShard[]): Promise<number> {
  const engine = createIndexEngine({
    file: join(folder, 'engine', 'index.db'),
    own: null,
    onRebuilt: () => undefined,
  });
  const packed = shards.map((shard) => ({
    content: shard.content,
    head: pack(shard.head),
    newSegments: readAll(shard).map(({ name, entries }) => ({ name, entries: pack(entries) })),
  }));
  unwrap(await engine.call('knownShards', null));
  const before = process.cpuUsage();
  for (const shard of packed) unwrap(await engine.call('putShard', shard));
  const { user, system } = process.cpuUsage(before);
  await engine.close();
  return (user + system) / 1e6;
}

function storedShard(number: number): StoredShard {
  const { content, head, segments } = sampleShard(number, LOGS);
  const stored = segments.map(({ name, entries }) => ({
    name,
    json: Buffer.from(JSON.stringify({ schema: 1, month: name.slice(0, 7), entries })),
  }));
  return { content, head, segments: stored };
}

function readAll({ segments }: StoredShard): { name: string; entries: ShardEntries }[] {
  return segments.map(({ name, json }) => {
    const copy = new Uint8Array(json);
    return { name, entries: unwrap(readSegmentForIndex(copy, name, bytes)).entries };
  });
}

function pack(entries: ShardEntries): PackedEntries {
  const packed = packEntries(entries);
  if ('unfit' in packed) throw new Error(`the sample log ${packed.unfit} is unfit`);
  return packed;
}

async function reading(index: LogIndex, shards: readonly StoredShard[]): Promise<BenchRow[]> {
  const random = createSeededRandom(7);
  const page = async (query: LogQuery): Promise<number> => timed(async () => unwrap(await index.page(query)));
  const firstSearch = await page({ text: TYPED[0] as string });
  const jumps: number[] = [];
  for (let jump = 0; jump < 300; jump++)
    jumps.push(await page({ offset: random.below(ALL), order: random.pick(['newest', 'oldest']) }));
  const machines = shards.slice(0, MACHINES / 2).map((shard) => shard.content.machine);
  const filters: LogQuery[] = [
    { machines },
    { users: ['hal'] },
    { projects: ['atlas', 'comet'] },
    { clients: ['acme'] },
    { kinds: ['daily'] },
    { groupBy: 'machine' },
  ];
  const filtered: number[] = [];
  for (const filter of filters)
    for (let jump = 0; jump < 30; jump++) {
      const { total } = unwrap(await index.page({ ...filter, limit: 1 }));
      filtered.push(await page({ ...filter, offset: random.below(total) }));
    }
  const keys: number[] = [];
  for (const text of TYPED)
    for (let length = 1; length <= text.length; length++)
      keys.push(await page({ text: text.slice(0, length) }));
  const heat: number[] = [];
  for (let run = 0; run < 9; run++) heat.push(await timed(async () => unwrap(await index.days({}))));
  return [
    row('index: first search after the cold load', firstSearch / 1_000, 's', 'under 3', 3),
    row('index: page anywhere (p50)', median(jumps), 'ms', 'under 10', 10),
    row('index: page anywhere (p99)', percentile(jumps, 99), 'ms', 'under 30', 30),
    row('index: page anywhere with a filter (p50)', median(filtered), 'ms', 'under 10', 10),
    row('index: page anywhere with a filter (p99)', percentile(filtered, 99), 'ms', 'under 30', 30),
    row('index: find as you type, each letter (p50)', median(keys), 'ms', 'under 16', 16),
    row('index: find as you type, each letter (p99)', percentile(keys, 99), 'ms', 'under 100', 100),
    row('index: heat map of all machines', median(heat), 'ms', 'under 50', 50),
  ];
}

async function changing(
  index: LogIndex,
  shards: readonly StoredShard[],
  folder: string,
): Promise<BenchRow[]> {
  const puts: number[] = [];
  for (const { content, head } of shards.slice(0, 30)) {
    const grown = head.map((entry, at) =>
      at === 0 ? { ...entry, size: entry.size + 1, mtime: entry.mtime + 1 } : entry,
    );
    puts.push(
      await timed(async () => unwrap(await index.putShard({ ...content, generation: 'next' }, grown, []))),
    );
  }
  const after: number[] = [];
  for (const { content, head } of shards.slice(30, 50)) {
    unwrap(await index.putShard({ ...content, generation: 'next' }, head, []));
    after.push(await timed(async () => unwrap(await index.page({}))));
  }
  const exports: number[] = [];
  for (let run = 0; run < 3; run++)
    exports.push(await timed(async () => unwrap(await index.exportTo(join(folder, 'index.json')))));
  return [
    row('index: a head with one changed log', median(puts), 'ms', 'under 20', 20),
    row('index: first page after a change', median(after), 'ms', 'under 16', 16),
    row(`index: export of ${ALL} logs`, median(exports) / 1_000, 's', 'under 1', 1),
  ];
}

/** In processes of their own, because the sample data takes memory too: with the index, less without it. */
function memory(folder: string): BenchRow {
  const script = fileURLToPath(new URL('./index-memory.ts', import.meta.url));
  const most = (what: string): number =>
    Number(
      execFileSync(process.execPath, [script, folder, String(MACHINES), String(LOGS), what], {
        encoding: 'utf8',
      }),
    );
  const name = `index: memory that ${ALL} logs take to come in, be searched and go out`;
  return row(name, most('index') - most('none'), 'MB', 'under 200', 200);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

function row(name: string, value: number, unit: string, target: string, limit: number): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target: `${target} ${unit}`, ok: value < limit };
}

function median(values: readonly number[]): number {
  return percentile(values, 50);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? Number.NaN;
}
