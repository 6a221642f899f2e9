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

/** The whole contract once more, with a network that loses requests and replies. Nothing it promises may change. */
function contractInBadWeather(
  name: string,
  start: () => Promise<GcsServer>,
  limits: Partial<GcsLimits>,
): void {
  objectStoreContract(`gcs behind a faulty network, ${name}`, async () => {
    const server = await start();
    const proxy = await startFaultProxy(server.endpoint);
    const random = createSeededRandom(20260105);
    proxy.plan = () => (random.fraction() < WEATHER ? random.pick(FAULTS) : null);
    const patient = { callMs: 60_000, backoffMs: 2, backoffCapMs: 50, stallMs: 5000, ...limits };
    const subject = await onServer(server, proxy.endpoint, patient);
    return {
      ...subject,
      losesReplies: true,
      dispose: async () => {
        await proxy.stop();
        await subject.dispose();
        expect(proxy.hits).toBeGreaterThan((proxy.requests.length * WEATHER) / 3);
      },
    };
  });
}

contractInBadWeather(inRepo.name, startInRepoServer, {});
if (thirdParty !== null) {
  const again = async (): Promise<GcsServer> =>
    (await startThirdPartyServer()) ?? (await startInRepoServer());
  // Without upload sessions: fake-gcs-server 1.56.1 takes the question how far a session got for its end, and keeps a cut object.
  contractInBadWeather(thirdParty.name, again, { resumableFrom: Number.POSITIVE_INFINITY });
}

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
