import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectStoreContract } from '../../testing/object-store-contract.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createFolderObjectStore } from './folder-object-store.ts';

const machine = { clock: createNodeClock(), random: createNodeRandom() };

objectStoreContract('folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'session-log-folder-'));
  const open = () => createFolderObjectStore({ root, create: true, sameDisk: true, ...machine });
  return {
    store: open(),
    other: open(),
    damage: async (name) => {
      const bytes = await readFile(join(root, name));
      bytes[3] = (bytes[3] ?? 0) ^ 4;
      await writeFile(join(root, name), bytes);
    },
    dispose: () => rm(root, { recursive: true }),
  };
});
