import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { newFolder } from '../../testing/index-fixture.ts';
import { sampleShard } from '../../testing/sample-shards.ts';
import { createSqliteLogIndex } from './sqlite-log-index.ts';

describe('an index on the calling thread', () => {
  it('goes on in a worker when a team comes in, with all that was there before', async () => {
    const file = join(newFolder(), 'index.db');
    let told = 0;
    const index = createSqliteLogIndex({ file, own: null, thread: 'caller', onMany: () => told++ });
    const put = async (number: number, logs: number): Promise<void> => {
      const { content, head, segments } = sampleShard(number, logs);
      unwrap(await index.putShard(content, head, segments));
    };
    await put(1, 3_000);
    expect(told).toBe(0);
    await Promise.all([put(2, 1_500), put(3, 500)]);
    await put(4, 700);
    expect(told).toBe(1);
    const known = unwrap(await index.knownShards());
    expect(known.map(({ machine }) => machine).sort()).toEqual(
      [1, 2, 3, 4].map((number) => sampleShard(number, 1).content.machine).sort(),
    );
    expect(unwrap(await index.page({ limit: 1 })).total).toBe(5_700);
    unwrap(await index.exportTo(join(newFolder(), 'index.json')));
    await index.close();

    // Closed, it begins again where a short command begins.
    expect(unwrap(await index.page({ limit: 1 })).total).toBe(5_700);
    expect(told).toBe(1);
    await index.close();
  });

  it('has the worker ready when a team is expected', async () => {
    let told = 0;
    const file = join(newFolder(), 'index.db');
    const index = createSqliteLogIndex({ file, own: null, thread: 'caller', onMany: () => told++ });
    expect(unwrap(await index.knownShards())).toEqual([]);
    await index.expectMachines(7);
    expect(told).toBe(0);
    await index.expectMachines(8);
    await index.expectMachines(100);
    expect(told).toBe(1);
    const { content, head, segments } = sampleShard(1, 20);
    unwrap(await index.putShard(content, head, segments));
    expect(unwrap(await index.page({})).total).toBe(20);
    expect(told).toBe(1);
    await index.close();
  });

  it('ends well when the worker that was made ready cannot be', async () => {
    const workerUrl = pathToFileURL(join(newFolder(), 'none.mjs'));
    const index = createSqliteLogIndex({
      file: join(newFolder(), 'index.db'),
      own: null,
      thread: 'caller',
      workerUrl,
    });
    await index.expectMachines(8);
    const { content, head, segments } = sampleShard(1, 20);
    expect(await index.putShard(content, head, segments)).toMatchObject({ ok: false, error: { code: 'io' } });
    await index.close();
  });

  it('starts no worker for the logs of this machine, however many', async () => {
    const { content, head, segments } = sampleShard(1, 4_100);
    const index = createSqliteLogIndex({
      file: join(newFolder(), 'index.db'),
      own: content.machine,
      thread: 'caller',
      workerUrl: pathToFileURL(join(newFolder(), 'none.mjs')),
    });
    unwrap(await index.putShard(content, head, segments));
    expect(unwrap(await index.page({ limit: 1 })).total).toBe(4_100);
    await index.close();
  });

  it('starts no worker for the few shards of a usual day', async () => {
    const index = createSqliteLogIndex({
      file: join(newFolder(), 'index.db'),
      own: null,
      thread: 'caller',
      workerUrl: pathToFileURL(join(newFolder(), 'none.mjs')),
    });
    for (let number = 0; number < 20; number++) {
      const { content, head, segments } = sampleShard(number, 150);
      unwrap(await index.putShard(content, head, segments));
    }
    const { content, head, segments } = sampleShard(20, 2_000);
    expect(await index.putShard(content, head, segments)).toMatchObject({ ok: false, error: { code: 'io' } });
    await index.close();
  });
});
