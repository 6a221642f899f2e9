import { createHash } from 'node:crypto';
import { createGcsObjectStore } from '../../main/adapters/gcs/gcs-object-store.ts';
import { createNodeClock } from '../../main/adapters/system/node-clock.ts';
import { createNodeRandom } from '../../main/adapters/system/node-random.ts';
import { storeLayout } from '../../main/core/store/layout.ts';
import { push } from '../../main/core/sync/push.ts';
import { problemOf } from '../../main/core/workflows/outcome.ts';
import { readHead } from '../../main/core/sync/read-shard.ts';
import type { ObjectStore } from '../../main/core/ports/object-store.ts';
import { startFaultProxy } from '../../main/testing/fault-proxy.ts';
import { startThirdPartyServer } from '../../main/testing/gcs-server.ts';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { createTestWorld, type TestMachine } from '../../main/testing/sync-world.ts';
import { createNodeBytes } from '../../main/adapters/system/node-bytes.ts';
import type { MachineUuid, TenantId } from '../../shared/domain/ids.ts';
import type { BenchRow } from './bench-row.ts';

const MACHINES = 100;
const LOGS = 5;
const MINUTE_MS = 60_000;

/**
 * A team in a busy minute: a hundred machines save five logs each at random moments and push each at once, through a server that
 * refuses a second write of a name within a second, as Google Cloud Storage does.
 */
export async function burstBench(): Promise<BenchRow[]> {
  const server = await startThirdPartyServer();
  if (server === null)
    throw new Error('needs a third-party GCS server: install Go, or set SESSION_LOG_GCS_ENDPOINT');
  const proxy = await startFaultProxy(server.endpoint, { writeWindowMs: 1_000 });
  const world = createTestWorld();
  const store = createGcsObjectStore({
    bucket: 'burst',
    prefix: '',
    credentials: {},
    apiEndpoint: proxy.endpoint,
    clock: createNodeClock(),
    random: createNodeRandom(),
  });
  try {
    await server.createBucket('burst');
    const random = createSeededRandom(58);
    const machines = Array.from({ length: MACHINES }, (_, number) =>
      world.machine('a', { uuid: uuidOf(number), nonce: `n${number}`, store }),
    );
    const started = performance.now();
    const failures = await Promise.all(
      machines.map((machine) =>
        live(
          machine,
          Array.from({ length: LOGS }, () => random.fraction() * MINUTE_MS).sort((a, b) => a - b),
          started,
        ),
      ),
    );
    const drained = (performance.now() - started) / 1000;
    const lost = await countMissing(store, machines);
    const unhandled = failures.flat().length;
    return [
      {
        name: `burst of ${MACHINES} machines x ${LOGS} logs in a minute, drained (${server.name})`,
        value: drained,
        unit: 's',
        peer: MINUTE_MS / 1000,
        ratio: drained / (MINUTE_MS / 1000),
        target: '<= 1.5x the minute',
        ok: drained <= 1.5 * (MINUTE_MS / 1000),
      },
      {
        name: 'pushes that failed in it',
        value: unhandled,
        unit: 'pushes',
        peer: null,
        ratio: null,
        target: '0',
        ok: unhandled === 0,
      },
      {
        name: 'logs that are missing or unlisted after it',
        value: lost,
        unit: 'logs',
        peer: null,
        ratio: null,
        target: '0',
        ok: lost === 0,
      },
      {
        name: 'writes that the server refused (429) in it',
        value: proxy.limited,
        unit: 'requests',
        peer: null,
        ratio: null,
        target: 'each retried',
        ok: unhandled === 0,
      },
    ];
  } finally {
    await store.close();
    await world.end();
    await proxy.stop();
    await server.stop();
  }
}

/** One machine: saves and pushes at its moments. Gives the codes of pushes that failed. */
async function live(machine: TestMachine, moments: readonly number[], started: number): Promise<string[]> {
  const failed: string[] = [];
  for (const [number, moment] of moments.entries()) {
    await machine.deps.clock.sleep(Math.max(0, moment - (performance.now() - started)));
    await machine.write(`2026-01-06-mara-log-${number}.md`, `# Log ${number}\n`);
    const problem = problemOf(await push(machine.deps));
    if (problem !== null) failed.push(problem.code);
  }
  return failed;
}

/** Logs that are not in the store, or not in their machine's shard. */
async function countMissing(store: ObjectStore, machines: readonly TestMachine[]): Promise<number> {
  const layout = storeLayout('team' as TenantId);
  const bytes = createNodeBytes();
  let missing = 0;
  for (const { deps } of machines) {
    const { uuid } = deps.self;
    const found = await store.get(layout.head(uuid));
    const json = found.ok && found.value ? await bytes.gunzip(found.value.bytes, 1 << 24) : null;
    const head = json === null ? null : readHead(json, uuid);
    const listed = head?.ok ? head.value.head.entries : [];
    for (let number = 0; number < LOGS; number++) {
      const entry = listed.find(({ path }) => path === `2026-01-06-mara-log-${number}.md`);
      const object = entry ? await store.head(layout.log(uuid, entry.path)) : null;
      if (!object?.ok || object.value === null) missing++;
    }
  }
  return missing;
}

function uuidOf(number: number): MachineUuid {
  const digits = createHash('sha256').update(String(number)).digest('hex');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join('-') as MachineUuid;
}
