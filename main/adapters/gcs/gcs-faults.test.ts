import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppError, ErrorCode } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { byteSourceOf, collect, patternBytes, patternSource } from '../../testing/byte-source-of.ts';
import { startFaultProxy, type ProxyFault } from '../../testing/fault-proxy.ts';
import { startJsonApiServer, type JsonApiServer } from '../../testing/json-api-server.ts';
import { inParallel, okOf } from '../../testing/store-contract/contract-bench.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createGcsObjectStore } from './gcs-object-store.ts';

const machine = { clock: createNodeClock(), random: createNodeRandom() };
const LIMITS = {
  callMs: 2500,
  perMiBMs: 0,
  stallMs: 600,
  backoffMs: 4,
  backoffCapMs: 40,
  resumableFrom: 600_000,
  chunk: 256 * 1024,
};
/** Where one fault is to be survived, a busy machine may take its time. */
const PATIENT = { ...LIMITS, callMs: 30_000 };
/** What a busy machine may add to a deadline before the test calls it missed. */
const SLACK_MS = 3000;
const SMALL = patternBytes(40_000);
const LARGE_SIZE = 700_000;
const PUT = { ifGenerationMatch: '0', contentType: 'text/markdown' };

interface Kind {
  readonly name: string;
  /** Makes what the call needs, past the proxy. */
  readonly prepare?: (direct: ObjectStore) => Promise<unknown>;
  readonly call: (store: ObjectStore, direct: ObjectStore) => Promise<Result<unknown, AppError>>;
  /** Name and bytes that the call writes: in the end they are there once, or not at all. */
  readonly writes?: { readonly name: string; readonly size: number };
}

const put = (store: ObjectStore, name: string) => store.put(name, byteSourceOf(SMALL), PUT);
const KINDS: readonly Kind[] = [
  { name: 'list', prepare: (direct) => put(direct, 'a'), call: (store) => store.list('') },
  { name: 'head', prepare: (direct) => put(direct, 'a'), call: (store) => store.head('a') },
  { name: 'get', prepare: (direct) => put(direct, 'a'), call: (store) => wholeOf(store) },
  { name: 'getStream', prepare: (direct) => put(direct, 'a'), call: (store) => streamed(store) },
  { name: 'put', call: (store) => put(store, 'a'), writes: { name: 'a', size: SMALL.length } },
  {
    name: 'large put',
    call: (store) => store.put('a', patternSource(LARGE_SIZE), PUT),
    writes: { name: 'a', size: LARGE_SIZE },
  },
  {
    name: 'copy',
    prepare: (direct) => put(direct, 'from'),
    call: async (store, direct) =>
      store.copy(okOf(await direct.head('from'))!, 'a', { ifGenerationMatch: '0' }),
    writes: { name: 'a', size: SMALL.length },
  },
  { name: 'probe', call: (store) => store.probe() },
];

async function wholeOf(store: ObjectStore): Promise<Result<unknown, AppError>> {
  const got = await store.get('a');
  if (got.ok) expect(Buffer.compare(got.value!.bytes, SMALL)).toBe(0);
  return got;
}

async function streamed(store: ObjectStore): Promise<Result<unknown, AppError>> {
  const opened = await store.getStream('a');
  if (!opened.ok) return opened;
  const bytes = await collect(opened.value!.chunks);
  const done = await opened.value!.done;
  if (done.ok) expect(Buffer.compare(bytes, SMALL)).toBe(0);
  return done;
}

interface Row {
  readonly fault: ProxyFault;
  /** When every attempt is hit. `ok` where the fault leaves a way through. */
  readonly every: ErrorCode;
  /** When one request is hit: success, or this. */
  readonly once?: ErrorCode;
  /** Only for these kinds; the others have no body or checksum for it. */
  readonly only?: readonly string[];
  /** A write may happen twice, each time of the same bytes under the generation that was told. */
  readonly rewrites?: boolean;
}

const BODIES = ['get', 'getStream'];
const ROWS: readonly Row[] = [
  { fault: { kind: 'status', status: 429, reason: 'rateLimitExceeded' }, every: 'throttled' },
  { fault: { kind: 'status', status: 429, headers: { 'retry-after': '0' } }, every: 'throttled' },
  { fault: { kind: 'status', status: 403, reason: 'userRateLimitExceeded' }, every: 'throttled' },
  { fault: { kind: 'status', status: 408 }, every: 'server' },
  { fault: { kind: 'status', status: 500 }, every: 'server' },
  { fault: { kind: 'status', status: 502 }, every: 'server' },
  { fault: { kind: 'status', status: 503 }, every: 'server' },
  { fault: { kind: 'status', status: 504 }, every: 'server' },
  { fault: { kind: 'status-after', status: 503 }, every: 'server' },
  { fault: { kind: 'reset-before' }, every: 'offline' },
  { fault: { kind: 'reset-after' }, every: 'offline' },
  { fault: { kind: 'stall-before' }, every: 'timeout' },
  { fault: { kind: 'stall-after' }, every: 'timeout' },
  { fault: { kind: 'cut-reply', at: 0.5 }, every: 'offline' },
  { fault: { kind: 'cut-reply', at: 0 }, every: 'offline' },
  { fault: { kind: 'stall-body', at: 0.5 }, every: 'timeout' },
  { fault: { kind: 'captive-portal' }, every: 'offline' },
  { fault: { kind: 'flip-reply', at: 0.7 }, every: 'corrupt', only: BODIES },
  { fault: { kind: 'wrong-checksum' }, every: 'corrupt', only: BODIES },
  { fault: { kind: 'wrong-checksum' }, every: 'corrupt', only: ['put'], rewrites: true },
  { fault: { kind: 'flip-request', at: 0.5 }, every: 'corrupt', only: ['put'] },
  { fault: { kind: 'status', status: 401, reason: 'authError' }, every: 'not-configured' },
  { fault: { kind: 'status', status: 403, reason: 'forbidden' }, every: 'denied', once: 'denied' },
  {
    fault: { kind: 'status', status: 404, reason: 'notFound' },
    every: 'not-configured',
    once: 'not-configured',
  },
];

const TIMES = {
  first: (number: number) => number === 1,
  second: (number: number) => number === 2,
  every: () => true,
} as const;
type Times = keyof typeof TIMES;

describe('fault matrix: every kind of request, every fault, the first, the second and every time', () => {
  let server: JsonApiServer;
  beforeAll(async () => {
    // Loaded at the first request, which here has no time to lose.
    await import('./http-client.ts');
    server = await startJsonApiServer();
  });
  afterAll(() => server.stop());

  async function newBucket(): Promise<string> {
    const bucket = `faults-${randomBytes(6).toString('hex')}`;
    const reply = await fetch(`${server.endpoint}/storage/v1/b`, {
      method: 'POST',
      body: JSON.stringify({ name: bucket }),
    });
    expect(reply.status).toBe(200);
    return bucket;
  }

  async function cell(kind: Kind, row: Row, times: Times): Promise<void> {
    const bucket = await newBucket();
    const proxy = await startFaultProxy(server.endpoint);
    const open = (apiEndpoint: string) =>
      createGcsObjectStore({
        bucket,
        prefix: '',
        credentials: {},
        apiEndpoint,
        limits: times === 'every' ? LIMITS : PATIENT,
        ...machine,
      });
    const [store, direct] = [open(proxy.endpoint), open(server.endpoint)];
    const where = `${kind.name}, ${JSON.stringify(row.fault)}, ${times}`;
    try {
      await kind.prepare?.(direct);
      // The question about rights may fail without harm: it is not what is tried here.
      proxy.plan = ({ number, kind: asked }) =>
        asked !== 'permissions' && TIMES[times](number) ? row.fault : null;
      const start = performance.now();
      const result = await kind.call(store, direct);
      const took = performance.now() - start;
      // A session that the service has forgotten is begun anew; a bucket that is gone stays gone.
      const repaired = kind.name === 'large put' && row.every === 'not-configured' && times === 'second';
      const expected = times === 'every' ? row.every : proxy.hits > 0 && !repaired ? row.once : undefined;
      expect(result.ok ? 'ok' : `${result.error.code}: ${result.error.message}`, where).toMatch(
        new RegExp(`^${expected ?? 'ok'}(?::|$)`),
      );
      if (!result.ok) expect(result.error.remedy.length, where).toBeGreaterThan(20);
      if (times === 'every') expect(took, where).toBeLessThan(LIMITS.callMs + SLACK_MS);
      if (times !== 'second') expect(proxy.hits, where).toBeGreaterThan(0);
      await expectWhole(kind, row, bucket, result.ok, where);
    } finally {
      await Promise.all([store.close(), direct.close()]);
      await proxy.stop();
    }
  }

  /** What the server has: nothing half, nothing twice, and what was acknowledged. */
  async function expectWhole(
    kind: Kind,
    row: Row,
    bucket: string,
    acknowledged: boolean,
    where: string,
  ): Promise<void> {
    const { writes } = kind;
    if (writes === undefined) return;
    const objects = server.buckets.get(bucket)!;
    const history = objects.history.filter((object) => object.info.name === writes.name);
    const live = objects.objects.get(writes.name);
    if (acknowledged) expect(live, where).toBeDefined();
    if (row.rewrites !== true) expect(history.length, where).toBeLessThanOrEqual(1);
    for (const object of history) expect(object.bytes.length, where).toBe(writes.size);
    const expected = writes.size === SMALL.length ? byteSourceOf(SMALL) : patternSource(LARGE_SIZE);
    if (live) expect(Buffer.compare(live.bytes, await collect(expected.stream())), where).toBe(0);
  }

  const cells = KINDS.flatMap((kind) =>
    ROWS.filter((row) => row.only === undefined || row.only.includes(kind.name)).map((row) => ({
      kind,
      row,
    })),
  );

  it.each(Object.keys(TIMES) as Times[])(`${cells.length} pairs, hit the %s time`, async (times) => {
    expect(cells.length).toBeGreaterThan(KINDS.length * 14);
    await inParallel(cells, 16, ({ kind, row }) => cell(kind, row, times));
  });
});
