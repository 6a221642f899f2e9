/** A team around a sealed store as it is: a folder, and a bucket of a server that we did not write. Its objects are opened by the program age. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createFolderObjectStore } from '../../adapters/folder-store/folder-object-store.ts';
import { createGcsObjectStore } from '../../adapters/gcs/gcs-object-store.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { createNodeRandom } from '../../adapters/system/node-random.ts';
import { startGcsServer } from '../../testing/gcs-server.ts';
import { createSealedWorld, letIn, readLog, seal, type SealedMachine } from '../../testing/sealed-world.ts';
import { FOR_MIKE } from '../../testing/sync-world.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { drillStore } from './drill-store.ts';
import { fullSync } from './full-sync.ts';
import { push } from './push.ts';
import { recoverKeys } from './recover-keys.ts';
import { removeMachine } from './team-machines.ts';
import { verify } from './verify.ts';

const root = mkdtempSync(join(tmpdir(), 'session-log-sealed-team-'));
const parts = { clock: createNodeClock(), random: createNodeRandom() };
let ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function folder(): Promise<() => ObjectStore> {
  return () =>
    createFolderObjectStore({ root: join(root, 'store'), create: true, sameDisk: false, ...parts });
}

async function bucket(): Promise<() => ObjectStore> {
  const server = await startGcsServer();
  ends.push(() => server.stop());
  await server.createBucket('team');
  const options = { bucket: 'team', prefix: '', credentials: {}, apiEndpoint: server.endpoint };
  return () => {
    const store = createGcsObjectStore({ ...options, ...parts });
    ends.push(() => store.close());
    return store;
  };
}

const hasAge = ((): boolean => {
  try {
    execFileSync('age', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('[sealed-team] the program age is not installed: its library opens the objects instead');
    return false;
  }
})();

/** Opens every object with nothing but the key of its epoch, and says what lies there in the clear. */
async function openAll(machine: SealedMachine, age: { open: OpenWith }): Promise<Map<string, string>> {
  const { store, keyring } = machine.sealing.sealing.deps;
  const keys = new Map(unwrap(await keyring.known()).map(({ number, secret }) => [String(number), secret]));
  const texts = new Map<string, string>();
  let token: string | undefined;
  do {
    const page = unwrap(await store.list('tenant-team/', token === undefined ? {} : { pageToken: token }));
    token = page.nextPageToken;
    for (const { name, metadata } of page.objects) {
      if (/\/keys\/(?:\d+\/recipient\.txt|\d+\/[^/]+\.age|requests\/.*|moved\/[^/]+\.txt)$/.test(name))
        continue;
      expect(metadata, name).toMatchObject({ codec: 'age', epoch: expect.any(String) });
      const sealed = unwrap(await store.get(name))?.bytes ?? new Uint8Array();
      expect(Buffer.from(sealed).toString('latin1') + JSON.stringify(metadata), name).not.toContain('CANARY');
      texts.set(name, await age.open(sealed, keys.get(metadata['epoch'] ?? '') ?? ''));
    }
  } while (token !== undefined);
  return texts;
}

type OpenWith = (sealed: Uint8Array, secret: string) => Promise<string>;

async function byProgram(sealed: Uint8Array, secret: string): Promise<string> {
  const [key, file] = [join(root, 'epoch.txt'), join(root, 'object.age')];
  writeFileSync(key, `${secret}\n`);
  writeFileSync(file, sealed);
  return execFileSync('age', ['-d', '-i', key, file], { maxBuffer: 1 << 26 }).toString('latin1');
}

it.each([
  ['a folder', folder],
  ['a bucket', bucket],
])(
  'three machines join, one leaves, one recovers; every object in %s opens with age and the key of its epoch',
  async (_, open) => {
    const world = createSealedWorld();
    ends.push(() => world.end());
    const byLibrary: OpenWith = async (sealed, secret) =>
      Buffer.from(unwrap(await world.age.open(sealed, [secret])).plain).toString('latin1');
    const age = { open: hasAge ? byProgram : byLibrary };
    const store = await open();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => world.machine(letter, store()));
    if (!a || !b || !c || !d) throw new Error('four machines');

    await a.write('2026-11-01-mike-one.md', '# One\n\nCANARY-1\n');
    await a.write('2026-11-02-mike-two.md', '# Two\n\nCANARY-2\n');
    unwrap(await push(a.sealing));
    await a.write('2026-11-02-mike-two.md', '# Two, edited\n\nCANARY-3\n');
    unwrap(await push(a.sealing));
    const { recovery } = await seal(a);
    await b.write('2026-11-03-mara-b.md', '# B\n\nCANARY-4\n');
    await letIn(a, b);
    await seal(b);
    await letIn(b, c);
    await seal(c);
    expect(unwrap(await readLog(c, a, '2026-11-01-mike-one.md'))).toContain('CANARY-1');
    expect(unwrap(await readLog(c, b, '2026-11-03-mara-b.md'))).toContain('CANARY-4');

    expect(unwrap(await removeMachine(a.sealing, 'host-b'))).toMatchObject({ epoch: 2 });
    await a.write('2026-11-04-mike-new.md', '# New\n\nCANARY-5\n');
    unwrap(await push(a.sealing));
    expect(unwrap(await readLog(c.restarted(), a, '2026-11-04-mike-new.md'))).toContain('CANARY-5');
    expect(await readLog(b.restarted(), a, '2026-11-04-mike-new.md')).toMatchObject({ ok: false });

    unwrap(await recoverKeys(d.sealing, recovery ?? ''));
    await d.write('2026-11-05-mike-d.md', '# D\n\nCANARY-6\n');
    await seal(d);
    expect(unwrap(await readLog(d, a, '2026-11-04-mike-new.md'))).toContain('CANARY-5');
    expect(unwrap(await fullSync(a.sealing, FOR_MIKE)).problem).toBeNull();

    const texts = await openAll(a.restarted(), age);
    const logs = [...texts].filter(([name]) => /\.md(?:\.gen-\d+)?$/.test(name));
    expect(new Set(logs.map(([, text]) => /CANARY-\d/.exec(text)?.[0]))).toEqual(
      new Set([1, 2, 3, 4, 5, 6].map((n) => `CANARY-${n}`)),
    );
    expect(logs).toHaveLength(6);
    const [index = ''] = [...texts]
      .filter(([name]) => name.endsWith('session-index.json'))
      .map(([, text]) => text);
    expect(JSON.parse(index)).toEqual({
      schema: 1,
      machines: expect.any(Number),
      logs: 5,
      bytes: expect.any(Number),
    });
    for (const part of ['machine-id.json', 'index/machines/', 'index/text/', 'session-index.json'])
      expect(
        [...texts.keys()].some((name) => name.includes(part)),
        part,
      ).toBe(true);
    for (const one of [a, c, d]) {
      expect(unwrap(await verify(one.restarted().sealing, { deep: true })).problem).toBeNull();
      expect(unwrap(await drillStore(one.sealing as never, 5)).problem).toBeNull();
    }
  },
);
