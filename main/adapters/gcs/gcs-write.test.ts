import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { byteSourceOf } from '../../testing/byte-source-of.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createGcsObjectStore } from './gcs-object-store.ts';

const BYTES = new TextEncoder().encode('# A log\n');
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Uploads a log with `sha: abc` to a service that stores the bytes and says that these are its metadata. */
async function uploadTo(metadata: Record<string, string>) {
  let uploads = 0;
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      uploads++;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          name: 'a.md',
          generation: String(uploads),
          size: String(BYTES.length),
          crc32c: crc32cToBase64(crc32c(BYTES)),
          updated: '2026-01-05T10:00:00Z',
          metadata,
        }),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server?.listen(0, '127.0.0.1', resolve);
  });
  const store = createGcsObjectStore({
    bucket: 'logs',
    prefix: '',
    credentials: {},
    apiEndpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock: createNodeClock(),
    // Without a wait between attempts.
    random: { ...createNodeRandom(), fraction: () => 0 },
  });
  const put = await store.put('a.md', byteSourceOf(BYTES), {
    ifGenerationMatch: '0',
    contentType: 'text/markdown',
    metadata: { sha: 'abc' },
  });
  await store.close();
  return { put, uploads };
}

describe('the answer to an upload', () => {
  it('may hold metadata that the service added', async () => {
    const { put, uploads } = await uploadTo({ sha: 'abc', 'scanned-by': 'x' });
    expect(put).toMatchObject({ ok: true, value: { generation: '1' } });
    expect(uploads).toBe(1);
  });

  it.each([{}, { sha: 'other' }])(
    'without the metadata that were sent (%o) is a failure that does not speak of bytes',
    async (metadata) => {
      const { put, uploads } = await uploadTo(metadata);
      expect(put).toMatchObject({ ok: false, error: { code: 'corrupt' } });
      expect(put.ok ? '' : put.error.message).toMatch(
        /^"?a\.md"? was stored, but .* does not keep the facts/,
      );
      expect(uploads).toBeGreaterThan(1);
    },
  );
});
