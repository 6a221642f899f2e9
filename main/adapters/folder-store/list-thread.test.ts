import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListPage, ObjectStore } from '../../core/ports/object-store.ts';
import { byteSourceOf } from '../../testing/byte-source-of.ts';
import { okOf } from '../../testing/store-contract/contract-bench.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { nodeFolderCalls, type FolderCalls } from './folder-calls.ts';
import { createFolderObjectStore } from './folder-object-store.ts';
import { createListThread } from './list-thread.ts';

const NAMES = ['a-b.md', 'a/1.md', 'a/2.md', 'a/3.md', 'a/b/4.md', 'a/é.md', 'a0.md', 'z/5.md'];

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'session-log-list-'));
});
afterEach(() => rm(root, { recursive: true }));

function open(calls?: FolderCalls): ObjectStore {
  const machine = { clock: createNodeClock(), random: createNodeRandom() };
  return createFolderObjectStore({ root, create: true, sameDisk: true, ...machine, ...(calls && { calls }) });
}

async function fill(store: ObjectStore, names: readonly string[] = NAMES): Promise<void> {
  for (const name of names)
    okOf(await store.put(name, byteSourceOf(name), { ifGenerationMatch: '0', contentType: 'text/plain' }));
}

/** The objects of all pages, two a page. */
async function inPages(store: ObjectStore) {
  const objects = [];
  for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
    const page: ListPage = okOf(await store.list('', { pageSize: 2, ...(pageToken && { pageToken }) }));
    objects.push(...page.objects);
    pageToken = page.nextPageToken;
  }
  return objects;
}

describe('a listing of many pages', () => {
  it('is the same in a thread, in one page and in many', async () => {
    await fill(open());
    const whole = okOf(await open().list('')).objects;
    expect(whole.map(({ name }) => name)).toEqual(NAMES);
    expect(await inPages(open())).toEqual(whole);
    expect(await inPages(open(nodeFolderCalls))).toEqual(whole);
  });

  it('reads the folder of logs in which a page ended only once', async () => {
    const names = Array.from({ length: 7 }, (_, nth) => `2026-01/${nth}.md`);
    await fill(open(), names);
    const read: string[] = [];
    const entries: FolderCalls['entries'] = (path) => {
      read.push(path);
      return nodeFolderCalls.entries(path);
    };
    const listed = await inPages(open({ ...nodeFolderCalls, entries }));
    expect(listed.map(({ name }) => name)).toEqual(names);
    expect(read.filter((path) => path === join(root, '2026-01'))).toHaveLength(1);
  });

  it('lists what a page has, whoever listed meanwhile', async () => {
    const store = open(nodeFolderCalls);
    await fill(store);
    const first = okOf(await store.list('', { pageSize: 2 }));
    okOf(await store.list('z/', { pageSize: 1 }));
    const second = okOf(await store.list('', { pageSize: 3, pageToken: first.nextPageToken! }));
    expect(second.objects.map(({ name }) => name)).toEqual(NAMES.slice(2, 5));
  });
});

describe('the thread that lists', () => {
  const { signal } = new AbortController();
  const all = { prefix: '', after: '', size: 10 };
  const store = () => ({ root, url: pathToFileURL(root).href });

  it('lists as the store does', async () => {
    await fill(open());
    const page = okOf((await createListThread(store()).list(all, signal))!);
    expect(page).toEqual(okOf(await open().list('')));
  });

  it('fails as a call of this thread would', async () => {
    const long = { root: join(root, 'x'.repeat(300)), url: 'file:///x' };
    await expect(createListThread(long).list(all, signal)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });

  it('lets go of a page that nobody wants any more', async () => {
    const stop = new AbortController();
    const page = createListThread(store(), new URL('data:text/javascript,setInterval(()=>{},1e9)')).list(
      all,
      stop.signal,
    );
    stop.abort();
    expect(await page).toBeNull();
  });

  it('says that there is none when it ends or cannot start, and starts again', async () => {
    const ends = new URL('data:text/javascript,process.exit(1)');
    const thread = createListThread(store(), ends);
    expect(await Promise.all([thread.list(all, signal), thread.list(all, signal)])).toEqual([null, null]);
    expect(await thread.list(all, signal)).toBeNull();
    expect(await createListThread(store(), new URL('file:///nowhere.js')).list(all, signal)).toBeNull();
  });
});
