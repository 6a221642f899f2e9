/** Disks and threads that fail. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { A, B, entry, newFolder, newIndex, paths, put } from '../../testing/index-fixture.ts';
import { runIndexProcess } from '../../testing/index-process.ts';
import { createSqliteLogIndex } from './sqlite-log-index.ts';
import { only, onPosix } from '../../testing/only.ts';
import { dropDisk, smallDisk } from '../../testing/small-disk.ts';

const ROOT = process.getuid?.() === 0;

const disk = smallDisk();
afterAll(() => dropDisk(disk));

describe('a disk that fills up', () => {
  // In a process of its own, so that nothing keeps the disk from being taken away afterwards.
  only(disk !== null, 'needs a small disk of its own (root)').it(
    'is told, what was there stays, and room again is enough to go on',
    async () => {
      const said = await runIndexProcess(
        `const { readFileSync, writeFileSync, rmSync } = await import('node:fs');
       const index = createSqliteLogIndex({ file, own: null, thread: 'caller' });
       const target = file + '.json';
       const putAll = ({ content, head, segments }) =>
         index.putShard({ ...content, segments: [] }, [...head, ...segments.flatMap((one) => one.entries)], []);
       const told = async (name, call) => {
         const result = await call;
         say([name, result.ok ? 'ok' : result.error.code]);
         return result.value;
       };
       await told('small put', putAll(sampleShard(1, 20)));
       await told('export', index.exportTo(target));
       const exported = readFileSync(target, 'utf8');
       await told('big put', putAll(sampleShard(2, 5_000)));
       say((await told('page', index.page({ text: 'person' }))).total);
       try { writeFileSync(file + '.filler', Buffer.alloc(1 << 20)); } catch {}
       await told('export to a full disk', index.exportTo(target));
       say(readFileSync(target, 'utf8') === exported);
       rmSync(file + '.filler');
       await told('put with room', putAll(sampleShard(3, 30)));
       say((await told('page', index.page({}))).total);
       await index.close();`,
        join(disk as string, 'index.db'),
      );
      expect(said).toEqual([
        ['small put', 'ok'],
        ['export', 'ok'],
        ['big put', 'disk-full'],
        ['page', 'ok'],
        20,
        ['export to a full disk', 'disk-full'],
        true,
        ['put with room', 'ok'],
        ['page', 'ok'],
        50,
      ]);
    },
  );
});

onPosix.describe('a folder that cannot be written', () => {
  // Root may write anywhere, so the process becomes somebody else first.
  const asOther = ROOT ? `process.setgid(65534); process.setuid(65534);` : '';
  const useIt = `
    ${asOther}
    const index = createSqliteLogIndex({ file, own: null, thread: 'caller' });
    const told = async () => {
      const page = await index.page({});
      say(page.ok ? page.value.total : page.error.message);
    };
    await told();
    const { content, head } = sampleShard(1, 3);
    say((await index.putShard({ ...content, segments: [] }, head, [])).ok);
    await told();
    await index.close();
    const { readdirSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    say(readdirSync(tmpdir()).filter((name) => name.startsWith('session-log-read-only-')).length);`;

  it('is answered from a copy that nobody keeps, also where there is no index yet', async () => {
    const folder = newFolder();
    chmodSync(folder, 0o555);
    const said = await runIndexProcess(useIt, join(folder, 'state', 'index.db'));
    expect(said).toEqual([0, true, 3, 0]);
    expect(existsSync(join(folder, 'state'))).toBe(false);
  });

  it('is answered from a copy of the one that is there, which stays as it is', async () => {
    const folder = newFolder();
    const file = join(folder, 'index.db');
    const index = newIndex('worker', file);
    await put(index, B, [entry('a.md')]);
    await index.close();
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    expect(await runIndexProcess(useIt, file)).toEqual([1, true, 4, 0]);
    chmodSync(folder, 0o700);
    chmodSync(file, 0o600);
    expect(await paths(newIndex('worker', file))).toEqual(['a.md']);
    expect(existsSync(`${file}.damaged`)).toBe(false);
  });

  it('is told for an export, and nothing is left behind', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), '');
    const index = newIndex();
    await put(index, B, [entry('a.md')]);
    const target = join(folder, 'file', 'index.json');
    const exported = await index.exportTo(target);
    expect(exported).toMatchObject({ ok: false, error: { code: 'io' } });
    expect(exported.ok ? '' : exported.error.message).toContain(target);
    expect(unwrap(await index.page({})).total).toBe(1);
  });
});

describe('a worker', () => {
  /** A worker that dies of its first call and is the real one when it is started again. */
  function dyingWorker(how: string): URL {
    const folder = newFolder();
    const script = join(folder, 'worker.mjs');
    const real = new URL('./sqlite-worker.ts', import.meta.url).href;
    writeFileSync(
      script,
      `import { existsSync, writeFileSync } from 'node:fs';
       import { parentPort } from 'node:worker_threads';
       const flag = ${JSON.stringify(join(folder, 'died'))};
       if (existsSync(flag)) await import(${JSON.stringify(real)});
       else parentPort.on('message', () => { writeFileSync(flag, ''); ${how} });`,
    );
    return pathToFileURL(script);
  }

  it.each(['process.exit(3)', `throw new Error('out of order')`])(
    'that dies of %s fails its calls and is started again',
    async (how) => {
      const workerUrl = dyingWorker(how);
      const index = createSqliteLogIndex({ file: join(newFolder(), 'index.db'), own: A, workerUrl });
      const failed = await Promise.all([index.version(), index.page({})]);
      for (const result of failed)
        expect(result).toMatchObject({ ok: false, error: { code: 'io', transient: true } });
      await put(index, B, [entry('a.md')]);
      expect(await paths(index)).toEqual(['a.md']);
      await index.close();
    },
  );

  it('that cannot start fails its calls', async () => {
    const workerUrl = pathToFileURL(join(newFolder(), 'none.mjs'));
    const index = createSqliteLogIndex({ file: join(newFolder(), 'index.db'), own: A, workerUrl });
    expect(await index.version()).toMatchObject({ ok: false, error: { code: 'io' } });
    await index.close();
  });

  it('does not keep a process from ending when nobody closed it', async () => {
    const file = join(newFolder(), 'index.db');
    const said = await runIndexProcess(
      `const index = createSqliteLogIndex({ file, own: null });
       const put = await index.putShard({ ...sampleShard(1, 0).content }, [], []);
       say(put.ok);`,
      file,
    );
    expect(said).toEqual([true]);
  });

  it('tells a bug where the call was made', async () => {
    const index = newIndex('worker');
    await expect(index.row(undefined as never)).rejects.toThrow('the local index failed');
    unwrap(await index.version());
  });

  it('finishes what was asked before it closes', async () => {
    const index = newIndex('worker');
    const asked = [put(index, B, [entry('a.md')]), paths(index)] as const;
    await index.close();
    await asked[0];
    expect(await asked[1]).toEqual(['a.md']);
  });
});
