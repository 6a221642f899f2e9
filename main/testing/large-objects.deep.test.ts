import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderObjectStore } from '../adapters/folder-store/folder-object-store.ts';
import { createGcsObjectStore } from '../adapters/gcs/gcs-object-store.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeRandom } from '../adapters/system/node-random.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { patternSource } from './byte-source-of.ts';
import { startGcsServer } from './gcs-server.ts';
import { okOf } from './store-contract/contract-bench.ts';

const MB = 1024 * 1024;
const SIZE = 200 * MB;
const machine = { clock: createNodeClock(), random: createNodeRandom() };

/** One object of 200 MB, there and back; answers how much memory that took at most, bytes. */
async function thereAndBack(store: ObjectStore): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = 0;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage().rss - before);
  };
  const source = patternSource(SIZE, { onChunk: look });
  const sent = createHash('sha256');
  for await (const chunk of source.stream()) sent.update(chunk);
  okOf(await store.put('large.md', source, { ifGenerationMatch: '0', contentType: 'text/markdown' }));
  const got = createHash('sha256');
  const stream = okOf(await store.getStream('large.md'))!;
  for await (const chunk of stream.chunks) {
    got.update(chunk);
    look();
  }
  okOf(await stream.done);
  expect(got.digest('hex')).toBe(sent.digest('hex'));
  return most;
}

describe('a log of 200 MB', () => {
  it('goes through a folder store in bounded memory', async () => {
    const root = await mkdtemp(join(tmpdir(), 'session-log-large-'));
    try {
      const most = await thereAndBack(
        createFolderObjectStore({ root, create: true, sameDisk: true, ...machine }),
      );
      expect(most / MB).toBeLessThan(120);
    } finally {
      await rm(root, { recursive: true });
    }
  }, 300_000);

  it('goes through a bucket in bounded memory', async () => {
    const server = await startGcsServer();
    try {
      // The in-repo server would hold the object in this very process.
      expect(server.name).not.toContain('in-repo');
      await server.createBucket('large');
      const store = createGcsObjectStore({
        bucket: 'large',
        prefix: '',
        credentials: {},
        apiEndpoint: server.endpoint,
        ...machine,
      });
      const most = await thereAndBack(store);
      await store.close();
      expect(most / MB).toBeLessThan(120);
    } finally {
      await server.stop();
    }
  }, 300_000);
});
