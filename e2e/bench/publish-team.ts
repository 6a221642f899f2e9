import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { runLimited } from '../../main/core/concurrency/run-limited.ts';
import type { ObjectStore } from '../../main/core/ports/object-store.ts';
import { storeLayout } from '../../main/core/store/layout.ts';
import { byteSourceOf } from '../../main/testing/byte-source-of.ts';
import { sampleShard } from '../../main/testing/sample-shards.ts';
import type { TenantId } from '../../shared/domain/ids.ts';

/** Puts the index of a team into a store, as its machines publish it: so many machines, each with so many logs. */
export async function publishTeam(store: ObjectStore, machines: number, logs: number): Promise<void> {
  const layout = storeLayout('default' as TenantId);
  const numbers = Array.from({ length: machines }, (_, number) => number);
  await runLimited(numbers, 8, undefined, async (number) => {
    const shard = sampleShard(number, logs);
    const { machine, host, updated } = shard.content;
    const segments = [];
    for (const { name, entries } of shard.segments) {
      const month = name.slice(0, 7);
      const json = JSON.stringify({ schema: 1, month, entries });
      await put(store, layout.segment(machine, name), json);
      segments.push({
        name,
        month,
        count: entries.length,
        sha256: createHash('sha256').update(json).digest('hex'),
      });
    }
    const head = {
      schema: 1,
      machine,
      host,
      writer: 'bench',
      seq: 1,
      updated,
      totals: { logs, bytes: 0 },
      segments,
      entries: shard.head,
      receipts: [],
    };
    await put(store, layout.head(machine), JSON.stringify(head));
  });
}

async function put(store: ObjectStore, name: string, json: string): Promise<void> {
  const written = await store.put(name, byteSourceOf(new Uint8Array(gzipSync(json))), {
    ifGenerationMatch: '0',
    contentType: 'application/gzip',
  });
  if (!written.ok) throw new Error(`${name}: ${written.error.message}`);
}
