/** What is promised of every store is promised of one that seals. */
import { objectStoreContract } from '../../testing/object-store-contract.ts';
import { createSealedWorld, seal } from '../../testing/sealed-world.ts';

objectStoreContract('sealed', async () => {
  const world = createSealedWorld();
  const a = world.machine('a');
  await seal(a);
  return {
    store: a.sealing.sync.store,
    other: a.restarted().sealing.sync.store,
    damage: async (name) => {
      const bytes = world.bucket.objects.get(name)!.bytes;
      bytes[3] = (bytes[3] ?? 0) ^ 4;
    },
    seals: true,
    dispose: () => world.end(),
  };
});
