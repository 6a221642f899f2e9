import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startFaultProxy, type ProxyFault } from '../../testing/fault-proxy.ts';
import { startInRepoServer, startThirdPartyServer, type GcsServer } from '../../testing/gcs-server.ts';
import { objectStoreContract, type StoreUnderTest } from '../../testing/object-store-contract.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import type { GcsLimits } from './gcs-limits.ts';
import { createGcsObjectStore } from './gcs-object-store.ts';

const machine = { clock: createNodeClock(), random: createNodeRandom() };
const thirdParty = await startThirdPartyServer();
const inRepo = await startInRepoServer();

/** A prefix, so that the contract also proves that nothing looks beyond it. */
async function onServer(
  server: GcsServer,
  apiEndpoint = server.endpoint,
  limits: Partial<GcsLimits> = {},
): Promise<StoreUnderTest> {
  const bucket = `contract-${randomBytes(4).toString('hex')}`;
  await server.createBucket(bucket);
  const open = () =>
    createGcsObjectStore({
      bucket,
      prefix: 'team/logs',
      credentials: {},
      apiEndpoint,
      limits,
      ...machine,
    });
  const [store, other] = [open(), open()];
  return {
    store,
    other,
    damage: server.damage && (async (name) => server.damage?.(bucket, `team/logs/${name}`)),
    dispose: async () => {
      await Promise.all([store.close(), other.close()]);
      await server.stop();
    },
  };
}

describe('which server', () => {
  it('is a third-party one where any can be had', (context) => {
    if (thirdParty === null) return context.skip('no third-party server here; the in-repo one runs alone');
    console.log(`object store contract runs against: ${thirdParty.name}; ${inRepo.name}`);
    expect(thirdParty.endpoint).not.toBe(inRepo.endpoint);
  });
});

if (thirdParty !== null) objectStoreContract(`gcs on ${thirdParty.name}`, () => onServer(thirdParty));
objectStoreContract(`gcs on ${inRepo.name}`, () => onServer(inRepo));

/** Faults that a retry survives; each request meets one of them with this chance. */
const WEATHER = 0.12;
const FAULTS: readonly [ProxyFault, ...ProxyFault[]] = [
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, reason: 'rateLimitExceeded' },
  { kind: 'status-after', status: 502 },
  { kind: 'reset-before' },
  { kind: 'reset-after' },
  { kind: 'cut-reply', at: 0.4 },
  { kind: 'captive-portal' },
];

// The whole contract once more, with a network that loses requests and replies. Nothing it promises may change.
objectStoreContract(
  `gcs behind a faulty network (${thirdParty === null ? inRepo.name : thirdParty.name})`,
  async () => {
    const server = (await startThirdPartyServer()) ?? (await startInRepoServer());
    const proxy = await startFaultProxy(server.endpoint);
    const random = createSeededRandom(20260105);
    proxy.plan = () => (random.fraction() < WEATHER ? random.pick(FAULTS) : null);
    const limits = { callMs: 60_000, backoffMs: 2, backoffCapMs: 50, stallMs: 5000 };
    const subject = await onServer(server, proxy.endpoint, limits);
    return {
      ...subject,
      damage: null,
      dispose: async () => {
        expect(proxy.hits).toBeGreaterThan(100);
        await proxy.stop();
        await subject.dispose();
      },
    };
  },
);

const bucket = process.env.SESSION_LOG_TEST_BUCKET;
if (bucket) {
  objectStoreContract(`gcs on the real bucket ${bucket}`, async () => {
    // Nothing in the product deletes: give the bucket a lifecycle rule for this prefix.
    const prefix = `contract-runs/${Date.now()}-${randomBytes(4).toString('hex')}`;
    const open = () => createGcsObjectStore({ bucket, prefix, credentials: {}, ...machine });
    const [store, other] = [open(), open()];
    return {
      store,
      other,
      damage: null,
      dispose: async () => void (await Promise.all([store.close(), other.close()])),
    };
  });
}
