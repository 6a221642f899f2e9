/** The app and commands work on one file at the same time, and any of them may die. */
import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { A, B, entry, newFolder, newIndex, paths, put } from '../../testing/index-fixture.ts';
import { runIndexProcess, startIndexProcess } from '../../testing/index-process.ts';
import { openConnection } from './sqlite-connection.ts';
import { createSqliteLogIndex } from './sqlite-log-index.ts';

const PUT_TWENTY = `
  const index = createSqliteLogIndex({ file, own: null, thread: 'caller' });
  for (let round = 0; round < 20; round++) {
    const { content, head, segments } = sampleShard(NUMBER, 40 + round);
    const put = await index.putShard({ ...content, segments: [] }, [...head, ...segments.flatMap((one) => one.entries)], []);
    if (!put.ok) say(put.error);
    const page = await index.page({ text: 'cache' });
    if (!page.ok) say(page.error);
  }
  await index.close();`;

describe('several processes', () => {
  it('make one file together and write it at once, and nothing is lost', async () => {
    const file = join(newFolder(), 'state', 'index.db');
    const said = await Promise.all(
      [0, 1, 2, 3].map((number) => runIndexProcess(PUT_TWENTY.replace('NUMBER', String(number)), file)),
    );
    expect(said).toEqual([[], [], [], []]);
    const index = newIndex('caller', file);
    expect(unwrap(await index.machines()).map(({ logs }) => logs)).toEqual([59, 59, 59, 59]);
    expect(unwrap(await index.page({})).total).toBe(236);
    const tables = openConnection(file, 1_000);
    expect(tables.pragma('integrity_check')).toBe('ok');
    tables.close();
  });

  it('see what the others wrote', async () => {
    const file = join(newFolder(), 'index.db');
    const [one, other] = [newIndex('caller', file), newIndex('worker', file)];
    await put(one, B, [entry('a.md')]);
    const before = unwrap(await other.page({}));
    expect(before.total).toBe(1);
    await put(one, B, [entry('a.md'), entry('b.md')]);
    const after = unwrap(await other.page({}));
    expect(after.total).toBe(2);
    expect(after.version).toBeGreaterThan(before.version);
  });

  it('wait for each other, and say so when it takes too long', async () => {
    const file = join(newFolder(), 'index.db');
    const index = createSqliteLogIndex({ file, own: A, thread: 'caller', busyMs: 30 });
    await put(index, B, [entry('a.md')]);
    const other = openConnection(file, 30);
    other.exec('begin immediate');
    const refused = await index.dropShard(B);
    expect(refused).toMatchObject({ ok: false, error: { code: 'io', transient: true } });
    expect(await paths(index)).toEqual(['a.md']);
    other.exec('commit');
    unwrap(await index.dropShard(B));
    expect(await paths(index)).toEqual([]);
    await index.close();
    other.close();
  });
});

describe('a file that is replaced while it is open', () => {
  it('is noticed by the next call, and the new one outlives the close of the old', async () => {
    const file = join(newFolder(), 'index.db');
    const [one, other] = [newIndex('caller', file), newIndex('worker', file)];
    await put(one, B, [entry('old.md')]);
    // What a process does that finds it damaged.
    for (const side of ['-wal', '-shm', '']) renameSync(`${file}${side}`, `${file}.damaged${side}`);
    await put(other, B, [entry('new.md')]);
    expect(await paths(one)).toEqual(['new.md']);
    await put(one, A, [entry('more.md')]);
    await one.close();
    expect(existsSync(`${file}-wal`)).toBe(true);
    expect((await paths(other)).sort()).toEqual(['more.md', 'new.md']);
    await other.close();
    expect((await paths(newIndex('caller', file))).sort()).toEqual(['more.md', 'new.md']);
  });

  it('is made again when somebody deleted it', async () => {
    const file = join(newFolder(), 'state', 'index.db');
    for (const thread of ['caller', 'worker'] as const) {
      const index = newIndex(thread, file);
      await put(index, B, [entry('a.md')]);
      rmSync(join(file, '..'), { recursive: true });
      expect(unwrap(await index.knownShards())).toEqual([]);
      await put(index, B, [entry('b.md')]);
      expect(await paths(index)).toEqual(['b.md']);
    }
  });
});

describe('a process that is killed', () => {
  it('leaves the state before or after, never a part', async () => {
    const file = join(newFolder(), 'index.db');
    const index = newIndex('caller', file);
    const seen = new Set<number>();
    for (let round = 0; round < 6; round++) {
      // The put takes a second and more in all; the process dies at another place of it each time.
      const child = startIndexProcess(
        `const index = createSqliteLogIndex({ file, own: null, thread: 'caller' });
         const shards = [4_000, 6_000].map((logs) => sampleShard(1, logs));
         await index.version();
         say('ready');
         for (let at = 0; ; at++) {
           const { content, head, segments } = shards[at % 2];
           await index.putShard({ ...content, segments: [] }, [...head, ...segments.flatMap((one) => one.entries)], []);
           say('put');
         }`,
        file,
      );
      const out = child.stdout!;
      for (let lines = 0; lines < round;) {
        const [chunk] = (await once(out, 'data')) as [Buffer];
        lines += chunk.toString().split('\n').length - 1;
      }
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { total } = unwrap(await index.page({}));
      expect([0, 4_000, 6_000]).toContain(total);
      const summed = unwrap(await index.machines()).reduce((sum, machine) => sum + machine.logs, 0);
      expect(summed).toBe(total);
      const days = unwrap(await index.days({})).reduce((sum, day) => sum + day.logs, 0);
      expect(days).toBe(total);
      seen.add(total);
    }
    expect(seen.size).toBeGreaterThan(1);
    const tables = openConnection(file, 1_000);
    expect(tables.pragma('integrity_check')).toBe('ok');
    tables.close();
  });
});
