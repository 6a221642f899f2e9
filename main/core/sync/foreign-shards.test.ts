import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { problemOf } from '../workflows/outcome.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { unwrap } from '../../../shared/result.ts';
import { createTestWorld, testUuid, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { pullIndex } from './pull-index.ts';
import { push } from './push.ts';

const STRANGER = testUuid('e');
const HEAD = `tenant-team/index/machines/${STRANGER}.json.gz`;
const SEGMENTS = `tenant-team/index/segments/${STRANGER}`;
const MIB = 1024 * 1024;

let world: TestWorld;
let reader: TestMachine;

beforeEach(async () => {
  world = createTestWorld();
  const colleague = world.machine('a');
  await colleague.write('2026-01-05-mara-news.md', '# News\n');
  allDone(await push(colleague.deps));
  reader = world.machine('b');
});
afterEach(() => world.end());

function store(name: string, bytes: Uint8Array): void {
  const generation = world.bucket.objects.get(name)?.info.generation ?? '0';
  const written = world.bucket.write(name, generation, {
    bytes,
    crc32c: crc32cToBase64(crc32c(bytes)),
    contentType: 'application/gzip',
    metadata: {},
  });
  expect(written.kind).toBe('written');
}

/** A head of the stranger's machine, with some fields written as given. */
function headText(fields: Readonly<Record<string, string>> = {}): string {
  const plain = {
    schema: '1',
    machine: `"${STRANGER}"`,
    host: '"stranger"',
    writer: '"w"',
    seq: '1',
    updated: '1767700000000',
    totals: '{"logs":0,"bytes":0}',
    segments: '[]',
    entries: '[]',
    receipts: '[]',
  };
  const all = Object.entries({ ...plain, ...fields }).map(([name, json]) => `"${name}":${json}`);
  return `{${all.join()}}`;
}

function segmentRef(number: number, text = ''): string {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return `{"name":"2026-01-${number}-aaaaaaaa.json.gz","month":"2026-01","count":1,"sha256":"${sha256}"}`;
}

function storeHead(fields: Readonly<Record<string, string>>): void {
  store(HEAD, gzipSync(headText(fields)));
}

/** Pulls, and sees that the colleague's log came all the same. @returns what is said of the stranger */
async function pull(): Promise<string> {
  const pulled = await pullIndex(reader.deps);
  const page = unwrap(await reader.deps.index.page({ files: true, limit: 10 }));
  expect(page.rows.map(({ path }) => path)).toEqual(['2026-01-05-mara-news.md']);
  expect(problemOf(pulled)?.code).toBe('partial');
  const { failed } = reportOf(pulled);
  expect(failed).toMatchObject([{ machine: STRANGER, error: { code: 'corrupt' } }]);
  return failed[0]?.error.message ?? '';
}

const readsOfStranger = (): number =>
  reader.calls.filter(({ operation, name }) => operation === 'get' && name.includes(STRANGER)).length;

describe('a shard that is no index', () => {
  const list = (count: number, value: string): string => `[${`${value},`.repeat(count - 1)}${value}]`;

  it.each([
    ['nested without end', { entries: '['.repeat(20 * MIB) }],
    ['a little too deep', { entries: `${'['.repeat(20)}${']'.repeat(20)}` }],
    ['millions of empty lists', { entries: list(2_000_000, '[]') }],
    ['millions of numbers', { receipts: list(3_000_000, '0') }],
    ['thousands of entries that are none', { entries: list(100_000, '{}') }],
    ['larger than any index', { host: ' '.repeat(40 * MIB) + '"stranger"' }],
    ['more segments than years can make', { segments: list(201, segmentRef(1)) }],
    ['the same segment again and again', { segments: list(2, segmentRef(1)) }],
  ])('is refused when it is %s', async (_, fields) => {
    // A parse of any of them took from ten seconds to minutes, and gigabytes.
    storeHead(fields);
    expect(await pull()).toBe(`The index of machine ${STRANGER} cannot be understood.`);
  });

  it('is not even read when it is announced as larger than an index can be', async () => {
    store(HEAD, new Uint8Array(9 * MIB));
    await pull();
    expect(readsOfStranger()).toBe(0);
  });

  it('is read once, and again as soon as it changed', async () => {
    storeHead({ entries: '[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]' });
    const said = await pull();
    expect(readsOfStranger()).toBe(1);
    expect(await pull()).toBe(said);
    expect(readsOfStranger()).toBe(1);
    storeHead({ seq: '2', entries: 'null' });
    await pull();
    expect(readsOfStranger()).toBe(2);
    storeHead({ seq: '3' });
    expect(allDone(await pullIndex(reader.deps)).updated).toEqual([STRANGER]);
  });
});

describe('segments of a stranger', () => {
  it('are refused when one is deep, and not fetched again', async () => {
    const text = `{"schema":1,"month":"2026-01","entries":[{"a":${'['.repeat(MIB)}${']'.repeat(MIB)}}]}`;
    storeHead({ segments: `[${segmentRef(1, text)}]` });
    store(`${SEGMENTS}/2026-01-1-aaaaaaaa.json.gz`, gzipSync(text));
    expect(await pull()).toContain('cannot be understood');
    const reads = readsOfStranger();
    await pull();
    expect(readsOfStranger()).toBe(reads);
  });

  it('are refused when together they are more than an index', async () => {
    const text = `{"schema":1,"month":"2026-01","entries":[]${' '.repeat(25 * MIB)}}`;
    storeHead({ segments: `[${[1, 2, 3].map((number) => segmentRef(number, text)).join()}]` });
    const packed = gzipSync(text);
    for (const number of [1, 2, 3]) store(`${SEGMENTS}/2026-01-${number}-aaaaaaaa.json.gz`, packed);
    expect(await pull()).toBe('The index of stranger is larger than an index can be.');
  });

  it('that are missing are looked for again: the next pull may find them', async () => {
    storeHead({ segments: `[${segmentRef(1)}]` });
    expect(await pull()).toContain('is missing from the store');
    const reads = readsOfStranger();
    await pull();
    expect(readsOfStranger()).toBeGreaterThan(reads);
  });
});
