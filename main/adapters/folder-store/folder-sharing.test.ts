import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { byteSourceOf } from '../../testing/byte-source-of.ts';
import { only } from '../../testing/only.ts';
import { failureOf, okOf } from '../../testing/store-contract/contract-bench.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createFolderObjectStore, type FolderStoreOptions } from './folder-object-store.ts';

const NAME = 'tenant-a/machines/m/2026-01/log.md';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'session-log-sharing-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function open(options: Partial<FolderStoreOptions> = {}): ObjectStore {
  const machine = { clock: createNodeClock(), random: createNodeRandom() };
  return createFolderObjectStore({ root, create: true, sameDisk: false, ...machine, ...options });
}

async function put(store: ObjectStore, name: string, text: string) {
  return okOf(
    await store.put(name, byteSourceOf(text), { ifGenerationMatch: '0', contentType: 'text/markdown' }),
  );
}

async function textOf(store: ObjectStore, name: string): Promise<string | null> {
  const got = okOf(await store.get(name));
  return got && new TextDecoder().decode(got.bytes);
}

describe('a folder that several users share', () => {
  const posix = only(process.platform !== 'win32', 'needs rights of POSIX');

  async function modes(mode: number): Promise<readonly [folders: string[], files: string[]]> {
    await chmod(root, mode);
    await put(open(), NAME, 'x');
    const [folders, files] = [new Set<string>(), new Set<string>()];
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      const facts = await stat(join(entry.parentPath, entry.name));
      (entry.isDirectory() ? folders : files).add((facts.mode & 0o7777).toString(8));
    }
    return [[...folders], [...files]];
  }

  posix.it('gives its rights to whatever is made in it, whatever the umask', async () => {
    expect(await modes(0o2770)).toEqual([['2770'], ['660']]);
  });

  posix.it('leaves the umask to decide in a folder that only its owner may write to', async () => {
    expect(await modes(0o755)).toEqual([['755'], ['644']]);
  });

  posix.it(
    'is not what the embedded store is: that is its user\u2019s alone, whatever the umask',
    async () => {
      const place = join(root, 'embedded');
      const script = `
      import { createFolderObjectStore } from ${JSON.stringify(join(import.meta.dirname, 'folder-object-store.ts'))};
      import { createNodeClock } from ${JSON.stringify(join(import.meta.dirname, '../system/node-clock.ts'))};
      import { createNodeRandom } from ${JSON.stringify(join(import.meta.dirname, '../system/node-random.ts'))};
      import { byteSourceOf } from ${JSON.stringify(join(import.meta.dirname, '../../testing/byte-source-of.ts'))};
      process.umask(0);
      const store = createFolderObjectStore({ root: ${JSON.stringify(place)}, create: true, isPrivate: true,
        sameDisk: true, clock: createNodeClock(), random: createNodeRandom() });
      const put = await store.put(${JSON.stringify(NAME)}, byteSourceOf('x'), { ifGenerationMatch: '0', contentType: 'text/markdown' });
      process.exit(put.ok ? 0 : 1);`;
      const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
      expect(ran.stderr).not.toContain('Error');
      expect(ran.status).toBe(0);
      for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
        const { mode } = await stat(join(entry.parentPath, entry.name));
        expect((mode & 0o777).toString(8), entry.name).toBe(entry.isDirectory() ? '700' : '600');
      }
      expect(((await stat(place)).mode & 0o777).toString(8)).toBe('700');
    },
  );

  posix.it('changes no rights of what was there', async () => {
    await mkdir(join(root, 'tenant-a'), { mode: 0o755 });
    const [folders] = await modes(0o777);
    expect(folders.toSorted()).toEqual(['755', '777']);
    expect(((await stat(join(root, 'tenant-a'))).mode & 0o777).toString(8)).toBe('755');
  });
});

describe('what was put in the place of a file', () => {
  const pipes = only(spawnSync('mkfifo', ['--version']).status === 0, 'needs mkfifo');

  pipes.it('a pipe keeps no call waiting: an object, a record, the marker', async () => {
    const store = open();
    await put(store, NAME, 'x');
    const places = await readdir(root, { recursive: true, withFileTypes: true });
    for (const entry of places.filter((found) => found.isFile())) {
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      await rm(path);
      expect(spawnSync('mkfifo', [path]).status).toBe(0);
      for (const result of [await open({ create: false }).get(NAME), await open({ create: false }).list('')])
        if (!result.ok) expect(['corrupt', 'offline', 'not-configured']).toContain(result.error.code);
      await rm(path);
      await writeFile(path, bytes);
    }
    expect(await textOf(store, NAME)).toBe('x');
  });

  it('an announced size is only a limit: no memory is taken for it', async () => {
    const store = open();
    await put(store, NAME, 'x');
    const found = await readdir(root, { recursive: true, withFileTypes: true });
    const record = found.find(({ name }) => name === 'record.json');
    const path = join(record?.parentPath ?? '', 'record.json');
    const text = await readFile(path, 'utf8');
    await truncate(join(root, NAME), 1e11);
    await writeFile(path, text.replace('"size":1,', '"size":100000000000,'));
    expect(failureOf(await open().get(NAME), 'corrupt').message).toContain('too large');
  });
});
