import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startInRepoServer, startThirdPartyServer, type GcsServer } from '../../testing/gcs-server.ts';
import { objectStoreContract, type StoreUnderTest } from '../../testing/object-store-contract.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createGcsObjectStore } from './gcs-object-store.ts';

const machine = { clock: createNodeClock(), random: createNodeRandom() };
const thirdParty = await startThirdPartyServer();
const inRepo = await startInRepoServer();

/** A prefix, so that the contract also proves that nothing looks beyond it. */
async function onServer(server: GcsServer): Promise<StoreUnderTest> {
  const bucket = `contract-${randomBytes(4).toString('hex')}`;
  await server.createBucket(bucket);
  const open = () =>
    createGcsObjectStore({
      bucket,
      prefix: 'team/logs',
      credentials: {},
      apiEndpoint: server.endpoint,
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
