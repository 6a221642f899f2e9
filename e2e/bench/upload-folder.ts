/**
 * `node upload-folder.ts ENDPOINT BUCKET PREFIX FOLDER WIDTH`: every file of a folder through the Cloud Storage adapter. A program of
 * its own, so that its memory is the adapter's and not the bench's.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { createGcsObjectStore } from '../../main/adapters/gcs/gcs-object-store.ts';
import { createNodeClock } from '../../main/adapters/system/node-clock.ts';
import { createNodeRandom } from '../../main/adapters/system/node-random.ts';
import { crc32c } from '../../shared/domain/checksum.ts';

const [apiEndpoint = '', bucket = '', prefix = '', folder = '', width = '16'] = process.argv.slice(2);
const clock = createNodeClock();
const store = createGcsObjectStore({
  bucket,
  prefix,
  credentials: {},
  apiEndpoint,
  clock,
  random: createNodeRandom(),
});

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
let next = 0;
const started = performance.now();
await Promise.all(
  Array.from({ length: Number(width) }, async () => {
    while (next < files.length) {
      const file = files[next++] as string;
      const bytes = readFileSync(file);
      const source = {
        size: bytes.length,
        crc32c: crc32c(bytes),
        bytes,
        stream: () => [bytes].values() as never,
      };
      const name = relative(folder, file).split(sep).join('/');
      const put = await store.put(name, source, {
        ifGenerationMatch: '0',
        contentType: 'text/markdown; charset=utf-8',
      });
      if (!put.ok) throw new Error(JSON.stringify(put.error));
    }
  }),
);
const ms = performance.now() - started;
await store.close();
console.log(JSON.stringify({ files: files.length, ms }));
