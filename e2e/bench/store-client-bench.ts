import { Storage } from '@google-cloud/storage';
import { createGcsObjectStore } from '../../main/adapters/gcs/gcs-object-store.ts';
import { createNodeClock } from '../../main/adapters/system/node-clock.ts';
import { createNodeRandom } from '../../main/adapters/system/node-random.ts';
import type { ObjectStore } from '../../main/core/ports/object-store.ts';
import { byteSourceOf, patternBytes } from '../../main/testing/byte-source-of.ts';
import { startFaultProxy } from '../../main/testing/fault-proxy.ts';
import { inParallel, okOf } from '../../main/testing/store-contract/contract-bench.ts';
import type { BenchRow } from './bench-row.ts';
import { median } from './measured-process.ts';
import { startBenchServer, type BenchServer } from './store-push-bench.ts';

const OBJECTS = 400;
const WIDTH = 16;
const ROUNDS = 7;
const LISTS = 10;
const BODY = patternBytes(15 * 1024);
const NAMES = Array.from(
  { length: OBJECTS },
  (_, at) => `machines/m/2026-01/log-${String(at).padStart(5, '0')}.md`,
);
/** How long a call may be pending before we say that it hangs. */
const HANG_MS = 30_000;

/** One side of the comparison: the adapter, or the client library used as its documentation says. */
interface Side {
  upload(name: string): Promise<unknown>;
  download(name: string): Promise<unknown>;
  list(): Promise<readonly unknown[]>;
  head(name: string): Promise<unknown>;
}

/**
 * Why the adapter sends its own requests: the same work by it and by the client library, on one server, in turn.
 * The memory figure wants `node --expose-gc`.
 */
export async function storeClientBench(): Promise<BenchRow[]> {
  const server = await startBenchServer();
  try {
    const figures = {
      upload: pair(),
      uploadCpu: pair(),
      download: pair(),
      downloadCpu: pair(),
      list: pair(),
      heap: pair(),
    };
    for (let round = 0; round <= ROUNDS; round++) {
      for (const which of ['own', 'peer'] as const) {
        const bucket = `${which}-${round}`;
        await server.createBucket(bucket);
        const found = await measureSide(
          which === 'own' ? adapterSide(server.endpoint, bucket) : clientSide(server.endpoint, bucket),
        );
        if (round > 0)
          for (const key of Object.keys(figures) as (keyof typeof figures)[])
            figures[key][which].push(found[key]);
      }
    }
    const faster = [(ratio: number) => ratio >= 1, '>= 1x the client library'] as const;
    const lighter = [(ratio: number) => ratio <= 0.8, '<= 0.8x the client library'] as const;
    return [
      row(`upload of 15 KB, ${WIDTH} at a time`, 'objects/s', figures.upload, ...faster),
      // The rates swing with whatever else the machine does, and the server's share is the larger one; this is ours alone.
      row('processor time of an upload', 'ms', figures.uploadCpu, ...lighter),
      row(`download of 15 KB, ${WIDTH} at a time`, 'objects/s', figures.download, ...faster),
      row('processor time of a download', 'ms', figures.downloadCpu, ...lighter),
      row('list', 'objects/s', figures.list, ...faster),
      row('memory held per listed object', 'bytes', figures.heap, ...lighter),
      ...(await stalls(server)),
    ];
  } finally {
    await server.stop();
  }
}

interface Pair {
  readonly own: number[];
  readonly peer: number[];
}

function pair(): Pair {
  return { own: [], peer: [] };
}

function row(
  name: string,
  unit: string,
  { own, peer }: Pair,
  ok: (ratio: number) => boolean,
  target: string,
): BenchRow {
  const [value, other] = [median(own), median(peer)];
  return { name, unit, value, peer: other, ratio: value / other, target, ok: ok(value / other) };
}

async function measureSide(side: Side) {
  const timed = async (work: () => Promise<unknown>): Promise<{ seconds: number; cpuMs: number }> => {
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - started) / 1000, cpuMs: (user + system) / 1000 };
  };
  const all = (call: (name: string) => Promise<unknown>): Promise<void> =>
    inParallel(NAMES, WIDTH, async (name) => void (await call(name)));
  const up = await timed(() => all((name) => side.upload(name)));
  const down = await timed(() => all((name) => side.download(name)));
  const before = await heapUsed();
  const held: (readonly unknown[])[] = [];
  const listed = await timed(async () => {
    for (let i = 0; i < LISTS; i++) held.push(await side.list());
  });
  const after = await heapUsed();
  const count = held.reduce((sum, page) => sum + page.length, 0);
  return {
    upload: OBJECTS / up.seconds,
    uploadCpu: up.cpuMs / OBJECTS,
    download: OBJECTS / down.seconds,
    downloadCpu: down.cpuMs / OBJECTS,
    list: count / listed.seconds,
    heap: (after - before) / count,
  };
}

async function heapUsed(): Promise<number> {
  // The last answers are let go of in the next turn only.
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function openAdapter(apiEndpoint: string, bucket: string): ObjectStore {
  return createGcsObjectStore({
    bucket,
    prefix: '',
    credentials: {},
    apiEndpoint,
    clock: createNodeClock(),
    random: createNodeRandom(),
  });
}

function adapterSide(endpoint: string, bucket: string): Side {
  const store = openAdapter(endpoint, bucket);
  return {
    upload: async (name) =>
      okOf(
        await store.put(name, byteSourceOf(BODY), { ifGenerationMatch: '0', contentType: 'text/markdown' }),
      ),
    download: async (name) => okOf(await store.get(name)),
    list: async () => okOf(await store.list('')).objects,
    head: async (name) => okOf(await store.head(name)),
  };
}

function clientSide(apiEndpoint: string, bucket: string): Side {
  const storage = new Storage({ apiEndpoint, projectId: 'bench', retryOptions: { autoRetry: false } });
  const place = storage.bucket(bucket);
  return {
    upload: (name) =>
      place.file(name).save(Buffer.from(BODY), {
        resumable: false,
        contentType: 'text/markdown',
        preconditionOpts: { ifGenerationMatch: 0 },
      }),
    download: (name) => place.file(name).download({ validation: 'crc32c' }),
    list: async () => (await place.getFiles({ autoPaginate: false, maxResults: 1000 }))[0],
    head: (name) => place.file(name).getMetadata(),
  };
}

/** A server that takes a request and never answers it. */
async function stalls(server: BenchServer): Promise<BenchRow[]> {
  const proxy = await startFaultProxy(server.endpoint);
  await server.createBucket('stalls');
  proxy.plan = () => ({ kind: 'stall-before' });
  const pending = async (call: Promise<unknown>): Promise<number> => {
    const started = performance.now();
    const clock = createNodeClock();
    await Promise.race([call.catch(() => null), clock.sleep(HANG_MS)]);
    return (performance.now() - started) / 1000;
  };
  try {
    const limits = { callMs: 5_000, stallMs: 2_000 };
    const store = createGcsObjectStore({
      bucket: 'stalls',
      prefix: '',
      credentials: {},
      apiEndpoint: proxy.endpoint,
      clock: createNodeClock(),
      random: createNodeRandom(),
      limits,
    });
    const [value, peer] = await Promise.all([
      pending(store.head('a')),
      pending(clientSide(proxy.endpoint, 'stalls').head('a')),
    ]);
    return [
      {
        name: `a server that never answers: until the call settles (looked at for ${HANG_MS / 1000} s)`,
        value,
        unit: 's',
        peer,
        ratio: value / peer,
        target: 'within its deadline of 5 s',
        ok: value < 6,
      },
    ];
  } finally {
    await proxy.stop();
  }
}
