/**
 * `node folder-counter.ts ROOT NAME WRITER TIMES`: adds its mark to one object of a folder store, TIMES times, each under the generation
 * it read, and prints each mark when it was acknowledged. A program of its own, so that a test can kill it for real.
 */
import { createFolderObjectStore } from '../adapters/folder-store/folder-object-store.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeRandom } from '../adapters/system/node-random.ts';
import { byteSourceOf } from './byte-source-of.ts';

const [root = '', name = '', writer = '', times = '0'] = process.argv.slice(2);
const store = createFolderObjectStore({
  root,
  create: true,
  sameDisk: false,
  clock: createNodeClock(),
  random: createNodeRandom(),
});

let n = 0;
const acknowledge = (mark: string): void => {
  n++;
  process.stdout.write(`${mark}\n`);
};
while (n < Number(times)) {
  const got = await store.get(name);
  if (!got.ok) throw new Error(JSON.stringify(got.error));
  const before = got.value === null ? '' : new TextDecoder().decode(got.value.bytes);
  const mark = `${writer}${n}.`;
  // After a `precondition` a writer looks first: who was overtaken right after its commit has written.
  if (before.includes(mark)) {
    acknowledge(mark);
    continue;
  }
  const put = { ifGenerationMatch: got.value?.info.generation ?? '0', contentType: 'text/plain' };
  const written = await store.put(name, byteSourceOf(before + mark), put);
  if (!written.ok && written.error.code !== 'precondition') throw new Error(JSON.stringify(written.error));
  if (written.ok) acknowledge(mark);
}
