import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../shared/app-error.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { byteSourceOf } from '../../testing/byte-source-of.ts';
import { failureOf, okOf } from '../../testing/store-contract/contract-bench.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { nodeFolderCalls, type FolderCalls } from './folder-calls.ts';
import { createFolderObjectStore, type FolderStoreOptions } from './folder-object-store.ts';

const PUT = { ifGenerationMatch: '0', contentType: 'text/markdown' };
const NAME = 'tenant-a/machines/m/2026-01/log.md';
const DAY_MS = 24 * 3600 * 1000;

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'session-log-places-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function open(options: Partial<FolderStoreOptions> = {}): ObjectStore {
  const machine = { clock: createNodeClock(), random: createNodeRandom() };
  return createFolderObjectStore({ root, create: true, sameDisk: false, ...machine, ...options });
}

async function put(store: ObjectStore, name: string, text: string) {
  return okOf(await store.put(name, byteSourceOf(text), PUT));
}

async function textOf(store: ObjectStore, name: string): Promise<string | null> {
  const got = okOf(await store.get(name));
  return got && new TextDecoder().decode(got.bytes);
}

/** The real file system, in which these calls do something else. */
function calls(changed: Partial<FolderCalls>): FolderCalls {
  return { ...nodeFolderCalls, ...changed };
}

function fails(code: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(`${code}: planted`), { code }));
}

describe('a folder that is not there', () => {
  it('is offline, and nothing is made in its place', async () => {
    const away = join(root, 'mount');
    const store = open({ root: away, create: false });
    for (const result of [
      await store.list(''),
      await store.head(NAME),
      await store.probe(),
      await store.put(NAME, byteSourceOf('x'), PUT),
    ])
      expect(failureOf(result, 'offline').remedy).toContain('Mount');
    expect(await readdir(root)).toEqual([]);
  });

  it('is offline when it is an empty mount point, and stays empty', async () => {
    const store = open({ create: false });
    expect(failureOf(await store.put(NAME, byteSourceOf('x'), PUT), 'offline').message).toContain(
      'holds no store',
    );
    expect(await readdir(root)).toEqual([]);
  });

  it('is offline when it is unmounted later, and goes on when it is back', async () => {
    const store = open();
    await put(store, NAME, 'x');
    const reader = open({ create: false });
    expect(await textOf(reader, NAME)).toBe('x');
    await rename(root, `${root}.away`);
    await mkdir(root);
    failureOf(await reader.get(NAME), 'offline');
    failureOf(await reader.list(''), 'offline');
    failureOf(await reader.put('b.md', byteSourceOf('y'), PUT), 'offline');
    expect(await readdir(root)).toEqual([]);
    await rm(root, { recursive: true });
    await rename(`${root}.away`, root);
    expect(await textOf(reader, NAME)).toBe('x');
  });

  it('is said to be from a newer version, or broken, when its marker says so', async () => {
    await put(open(), NAME, 'x');
    const marker = join(root, '.session-log-store', 'store.json');
    for (const [content, code] of [
      ['{"schema":2}', 'not-configured'],
      ['{"sche', 'corrupt'],
      ['', 'corrupt'],
      ['null', 'corrupt'],
    ] as const) {
      await writeFile(marker, content);
      failureOf(await open().get(NAME), code);
      expect(await readFile(marker, 'utf8')).toBe(content);
    }
  });

  it('ends every call within its deadline, though a dead mount blocks for ever', async () => {
    const never = (): Promise<never> => new Promise(() => {});
    const store = open({
      calls: calls({ lstat: never, open: never, entries: never }),
      limits: { callMs: 50, perMiBMs: 0 },
    });
    for (const result of [
      await store.list(''),
      await store.head(NAME),
      await store.get(NAME),
      await store.probe(),
      await store.put(NAME, byteSourceOf('x'), PUT),
    ])
      expect(failureOf(result, 'timeout').remedy).toContain('share');
  });
});

describe('what the system refuses', () => {
  const table: readonly (readonly [string, ErrorCode, boolean])[] = [
    ['ENOSPC', 'disk-full', false],
    ['EDQUOT', 'disk-full', false],
    ['EACCES', 'denied', false],
    ['EROFS', 'denied', false],
    ['EIO', 'io', false],
    ['ESTALE', 'offline', true],
    ['EHOSTDOWN', 'offline', true],
    ['ENAMETOOLONG', 'invalid-input', false],
    ['EMFILE', 'io', true],
  ];
  it.each(table)('%s on a write is %s', async (errno, code, transient) => {
    await put(open(), 'first.md', 'x');
    const store = open({ calls: calls({ write: fails(errno) }) });
    const error = failureOf(await store.put(NAME, byteSourceOf('x'), PUT), code);
    expect([error.transient, error.details?.errno]).toEqual([transient, errno]);
    expect(okOf(await open().list('')).objects.map((object) => object.name)).toEqual(['first.md']);
    expect(await readdir(join(root, '.session-log-store', 'staging'))).toEqual([]);
  });

  it('on a read-only folder reading goes on, and the probe says that writing does not', async () => {
    await put(open(), NAME, 'x');
    const refused = fails('EROFS');
    const readOnly = calls({
      mkdir: refused,
      rename: refused,
      unlink: refused,
      write: refused,
      open: (path, flags, mode) =>
        (flags & 0o100) !== 0 ? refused() : nodeFolderCalls.open(path, flags, mode),
    });
    const store = open({ create: false, calls: readOnly });
    expect(await textOf(store, NAME)).toBe('x');
    expect(okOf(await store.list('')).objects).toHaveLength(1);
    expect(okOf(await store.probe()).writable).toBe(false);
    failureOf(await store.put('b.md', byteSourceOf('y'), PUT), 'denied');
  });

  it('that is a defect of ours is thrown, not dressed as the disk\u2019s', async () => {
    const store = open({ calls: calls({ write: () => Promise.reject(new TypeError('a defect')) }) });
    await expect(store.put(NAME, byteSourceOf('x'), PUT)).rejects.toThrow('a defect');
  });
});

describe('the visible tree', () => {
  it('is exactly the names, for other tools to read', async () => {
    const store = open();
    await put(store, NAME, 'log');
    await put(store, 'tenant-a/index/session-index.json', '{}');
    expect(await readFile(join(root, NAME), 'utf8')).toBe('log');
    const all = await readdir(root, { recursive: true, withFileTypes: true });
    const files = all
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
    expect(files.filter((file) => !file.startsWith('.session-log-store')).sort()).toEqual([
      'tenant-a/index/session-index.json',
      NAME,
    ]);
  });

  it('may lose a file to a person: then the object is gone, and can be written again', async () => {
    const store = open();
    const first = await put(store, NAME, 'x');
    await unlink(join(root, NAME));
    expect(okOf(await store.head(NAME))).toBeNull();
    expect(okOf(await store.get(NAME))).toBeNull();
    expect(okOf(await store.list('')).objects).toEqual([]);
    failureOf(await store.get(NAME, { generation: first.generation }), 'not-found');
    failureOf(
      await store.put(NAME, byteSourceOf('y'), { ...PUT, ifGenerationMatch: first.generation }),
      'precondition',
    );
    const again = await put(store, NAME, 'x');
    expect(BigInt(again.generation)).toBeGreaterThan(BigInt(first.generation));
  });

  it('with a stranger\u2019s file in a place of ours is left as it is', async () => {
    const store = open();
    await put(store, 'other.md', 'x');
    await mkdir(join(root, 'tenant-a/machines/m/2026-01'), { recursive: true });
    await writeFile(join(root, NAME), 'a stranger');
    expect(okOf(await store.head(NAME))).toBeNull();
    expect(okOf(await store.list('')).objects).toHaveLength(1);
    expect(failureOf(await store.put(NAME, byteSourceOf('ours'), PUT), 'corrupt').message).toContain(
      'did not write',
    );
    expect(await readFile(join(root, NAME), 'utf8')).toBe('a stranger');
    // A bucket that was copied into the folder: the same bytes become ours.
    await put(store, NAME, 'a stranger');
    expect(okOf(await store.list('')).objects).toHaveLength(2);
  });

  it('with a link in a place of ours is neither followed nor believed', async () => {
    const store = open();
    const info = await put(store, NAME, 'sound');
    const secret = join(root, '..', `secret-${process.pid}`);
    await writeFile(secret, 'sound');
    await unlink(join(root, NAME));
    await symlink(secret, join(root, NAME));
    failureOf(await store.get(NAME), 'corrupt');
    okOf(await store.put(NAME, byteSourceOf('new'), { ...PUT, ifGenerationMatch: info.generation }));
    expect(await readFile(secret, 'utf8')).toBe('sound');
    expect((await lstat(join(root, NAME))).isFile()).toBe(true);
    await mkdir(`${secret}.d`);
    await symlink(`${secret}.d`, join(root, 'link'));
    failureOf(await store.put('link/x.md', byteSourceOf('x'), PUT), 'invalid-input');
    expect(await readdir(`${secret}.d`)).toEqual([]);
    await rm(secret);
    await rm(`${secret}.d`, { recursive: true });
  });

  it('never holds two names that many file systems cannot tell apart', async () => {
    const store = open();
    await put(store, 'Projects/Foo/Log.md', 'one');
    for (const name of [
      'Projects/Foo/log.md',
      'projects/Foo/new.md',
      'Projects/foo/new.md',
      'Projects/Foo/LOG.MD',
    ])
      failureOf(await store.put(name, byteSourceOf('two'), PUT), 'invalid-input');
    expect(okOf(await store.head('Projects/Foo/log.md'))).toBeNull();
    expect(okOf(await store.list('')).objects.map((object) => object.name)).toEqual(['Projects/Foo/Log.md']);
  });

  it('may be restored from a backup without its records: then nothing is taken for an object', async () => {
    await put(open(), NAME, 'x');
    await rm(join(root, '.session-log-store', 'objects'), { recursive: true });
    const store = open();
    expect(okOf(await store.list('')).objects).toEqual([]);
    // The same bytes are taken back in.
    await put(store, NAME, 'x');
    expect(await textOf(store, NAME)).toBe('x');
  });
});

describe('the records', () => {
  async function recordPath(): Promise<string> {
    const all = await readdir(join(root, '.session-log-store', 'objects'), {
      recursive: true,
      withFileTypes: true,
    });
    const found = all.find((entry) => entry.name === 'record.json');
    return join(found!.parentPath, found!.name);
  }

  it('that are cut, bent or hostile are `corrupt`, and stay as they are', async () => {
    const store = open();
    await put(store, NAME, 'x');
    const path = await recordPath();
    const other = await put(store, 'other.md', 'y');
    const sound = await readFile(path, 'utf8');
    const bad = [
      '',
      sound.slice(0, 40),
      'null',
      '[]',
      sound.replace(/"generation":"\d+"/, '"generation":"-1"'),
      sound.replace(/"size":1/, '"size":-1'),
      sound.replace(/"nonce":"[0-9a-f]+"/, '"nonce":"../../../etc/passwd"'),
      sound.replace(/"crc32c":"[^"]+"/, '"crc32c":"zz"'),
      sound.replace(/"metadata":\{\}/, '"metadata":{"a":1}'),
      'x'.repeat(70_000),
    ];
    for (const content of bad) {
      await writeFile(path, content);
      failureOf(await store.head(NAME), 'corrupt');
      failureOf(await store.get(NAME), 'corrupt');
      failureOf(await store.put(NAME, byteSourceOf('y'), PUT), 'corrupt');
      expect(okOf(await store.list('')).objects).toEqual([other]);
      expect(await readFile(path, 'utf8')).toBe(content);
      expect(await readFile(join(root, NAME), 'utf8')).toBe('x');
    }
    await writeFile(path, sound);
    expect(await textOf(store, NAME)).toBe('x');
  });

  it('keep one slot, however often an object is replaced', async () => {
    const store = open();
    let live = '0';
    for (let i = 0; i < 6; i++)
      live = okOf(
        await store.put(NAME, byteSourceOf(`${i}`), { ...PUT, ifGenerationMatch: live }),
      ).generation;
    const node = join(await recordPath(), '..', '..');
    expect(await readdir(node)).toEqual(['0000000006']);
  });

  it('are cleared of what writers left that died a week ago, and only of that', async () => {
    await put(open(), NAME, 'x');
    const staging = join(root, '.session-log-store', 'staging');
    for (const [name, age] of [
      ['old', 8],
      ['young', 6],
    ] as const) {
      await mkdir(join(staging, name));
      await writeFile(join(staging, name, 'x.bytes'), 'x');
      const then = new Date(Date.now() - age * DAY_MS);
      await utimes(join(staging, name), then, then);
    }
    okOf(await open().head(NAME));
    expect(await readdir(staging)).toEqual(['young']);
  });
});
