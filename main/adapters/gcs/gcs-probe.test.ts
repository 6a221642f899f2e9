import { afterEach, beforeAll, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../../testing/fault-proxy.ts';
import { startJsonApiServer, type JsonApiServerOptions } from '../../testing/json-api-server.ts';
import { okOf } from '../../testing/store-contract/contract-bench.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createGcsObjectStore } from './gcs-object-store.ts';

const cleanups: (() => unknown)[] = [];
beforeAll(() => Promise.all([import('./http-client.ts'), import('@google-cloud/storage')]));
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function world(
  options: JsonApiServerOptions,
  stallMs = 10_000,
): Promise<{ readonly store: ObjectStore; readonly proxy: FaultProxy }> {
  const server = await startJsonApiServer(options);
  const proxy = await startFaultProxy(server.endpoint);
  await fetch(`${server.endpoint}/storage/v1/b`, { method: 'POST', body: '{"name":"b"}' });
  const store = createGcsObjectStore({
    bucket: 'b',
    prefix: '',
    credentials: {},
    apiEndpoint: proxy.endpoint,
    limits: { stallMs },
    clock: createNodeClock(),
    random: createNodeRandom(),
  });
  cleanups.push(
    () => server.stop(),
    () => proxy.stop(),
    () => store.close(),
  );
  return { store, proxy };
}

it('tells how a bucket is set up', async () => {
  const { store } = await world({
    bucket: {
      location: 'EUROPE-WEST3',
      locationType: 'region',
      storageClass: 'NEARLINE',
      versioning: { enabled: true },
      softDeletePolicy: { retentionDurationSeconds: '604800', effectiveTime: '2026-01-01T00:00:00Z' },
      retentionPolicy: { retentionPeriod: '86400', isLocked: false },
      iamConfiguration: {
        publicAccessPrevention: 'enforced',
        uniformBucketLevelAccess: { enabled: true, lockedTime: '2026-03-01T00:00:00Z' },
      },
    },
  });
  expect(okOf(await store.probe())).toMatchObject({
    writable: true,
    bucket: {
      location: 'EUROPE-WEST3',
      storageClass: 'NEARLINE',
      versioning: true,
      softDeleteS: 604_800,
      retentionS: 86_400,
      publicAccessPrevented: true,
      uniformAccess: true,
    },
  });
});

it('takes what a bucket does not say for off', async () => {
  const { store } = await world({
    bucket: { location: 'EU', iamConfiguration: { publicAccessPrevention: 'inherited' } },
  });
  expect(okOf(await store.probe()).bucket).toEqual({
    location: 'EU',
    storageClass: 'STANDARD',
    versioning: false,
    softDeleteS: 0,
    retentionS: 0,
    publicAccessPrevented: false,
    uniformAccess: false,
  });
});

it.each([
  ['nobody may read its set-up', { bucket: null }],
  ['the server says nothing of it', {}],
  ['it says nonsense', { bucket: { location: 7 } }],
])('is whole without the facts where %s', async (_, options) => {
  const { store } = await world(options);
  const probe = okOf(await store.probe());
  expect(probe).toMatchObject({ writable: true });
  expect(probe).not.toHaveProperty('bucket');
});

it('tells that a bucket may not be written', async () => {
  const { store } = await world({ granted: ['storage.objects.create'] });
  expect(okOf(await store.probe()).writable).toBe(false);
});

it('does not wait for a server that answers lists and nothing else', async () => {
  const { store, proxy } = await world({ bucket: { location: 'EU' } }, 700);
  proxy.plan = ({ kind }) => (kind === 'permissions' ? { kind: 'stall-before' } : null);
  const started = performance.now();
  const probe = okOf(await store.probe());
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(probe.writable).toBeNull();
  expect(probe).not.toHaveProperty('bucket');
  expect(proxy.hits).toBeGreaterThan(0);
});
