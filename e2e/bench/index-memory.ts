/**
 * Run as a process of its own by the index benchmark: brings a whole team into an index, searches and exports it, making each shard only
 * when it is its turn, and prints the most memory (MB) that took. With `none` it only makes the shards, to compare.
 */
import { join } from 'node:path';
import { createSqliteLogIndex } from '../../main/adapters/sqlite/sqlite-log-index.ts';
import { sampleShard } from '../../main/testing/sample-shards.ts';
import { unwrap } from '../../shared/result.ts';
import { largestResidentSet } from '../largest-resident-set.mjs';

const [folder = '', machines = '', logs = '', what = ''] = process.argv.slice(2);
const index =
  what === 'none' ? null : createSqliteLogIndex({ file: join(folder, 'memory', 'index.db'), own: null });
for (let number = 0; number < Number(machines); number++) {
  const { content, head, segments } = sampleShard(number, Number(logs));
  if (index) unwrap(await index.putShard(content, head, segments));
}
if (index) {
  unwrap(await index.page({ text: 'cache' }));
  unwrap(await index.exportTo(join(folder, 'memory', 'index.json')));
  await index.close();
}
console.log(largestResidentSet() / 1024);
