import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileChanges, Watch } from '../../core/ports/watcher.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createParcelWatcher, type ParcelWatcherParts } from './parcel-watcher.ts';

let folder: string;
let watch: Watch | null;
const logger = { warn: () => undefined, info: () => undefined };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'));
  mkdirSync(join(folder, 'logs'));
  mkdirSync(join(folder, 'ours'));
  watch = null;
});

afterEach(async () => {
  await watch?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Watches, and gives a function that waits until all these paths were told. */
async function begin(parts: Partial<ParcelWatcherParts> = {}, at = folder) {
  const told = new Set<string>();
  let look: () => void = () => undefined;
  const onChange = ({ paths }: FileChanges): void => {
    for (const path of paths ?? ['anything']) told.add(path);
    look();
  };
  const watcher = createParcelWatcher({ clock: createNodeClock(), logger, ...parts });
  watch = await watcher.watch({ folder: at, ignore: [join(at, 'ours')], onChange });
  const heard = (...paths: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (paths.every((path) => told.has(path))) resolve();
      };
      look();
    });
  return { told, heard, by: watch.by };
}

describe.each([
  ['by events', {}, 'events'],
  [
    'by comparing, where the native module cannot be loaded',
    { load: () => Promise.reject(new Error('no build')), scanMs: 20 },
    'scan',
  ],
  [
    'by comparing, where the system has no watches left',
    { load: () => Promise.resolve({ subscribe: () => Promise.reject(new Error('ENOSPC')) }), scanMs: 20 },
    'scan',
  ],
] as const)('a watched folder tells %s', (_name, parts, by) => {
  it('what came, changed, moved and went, at any depth, and nothing of what is ignored', async () => {
    const { told, heard, by: how } = await begin(parts);
    expect(how).toBe(by);
    const [one, two] = [join(folder, 'logs', 'one.md'), join(folder, 'logs', '2026-01', 'two.md')];
    writeFileSync(join(folder, 'ours', 'x'), '1');
    writeFileSync(one, '1');
    await heard(one);
    mkdirSync(join(folder, 'logs', '2026-01'));
    await (by === 'events' ? heard(join(folder, 'logs', '2026-01')) : Promise.resolve());
    writeFileSync(two, '1');
    await heard(two);
    told.clear();
    writeFileSync(one, '12');
    await heard(one);
    told.clear();
    renameSync(two, join(folder, 'logs', 'three.md'));
    await heard(two, join(folder, 'logs', 'three.md'));
    told.clear();
    rmSync(one);
    await heard(one);
    expect([...told].filter((path) => path.includes('ours'))).toEqual([]);
  });
});

describe('a watched folder', () => {
  it('that is reached over a link is told by the name it was given', async () => {
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    try {
      const { heard } = await begin({}, link);
      writeFileSync(join(folder, 'logs', 'x.md'), '1');
      await heard(join(link, 'logs', 'x.md'));
    } finally {
      await watch?.close();
      rmSync(link);
    }
  });

  it('is compared beside events, which get lost', async () => {
    const silent = { subscribe: () => Promise.resolve({ unsubscribe: () => Promise.resolve() }) };
    const { heard } = await begin({ load: () => Promise.resolve(silent), reconcileMs: 20 });
    writeFileSync(join(folder, 'logs', 'x.md'), '1');
    await heard(join(folder, 'logs', 'x.md'));
  });

  it('tells that anything may have changed when events overflow', async () => {
    let fail: (error: Error) => void = () => undefined;
    const overflowing: NonNullable<ParcelWatcherParts['load']> = () =>
      Promise.resolve({
        subscribe: (_folder, listener) => {
          fail = (error) => void listener(error, []);
          return Promise.resolve({ unsubscribe: () => Promise.resolve() });
        },
      });
    const { heard } = await begin({ load: overflowing });
    fail(new Error('Events were dropped'));
    await heard('anything');
  });

  it('tells nothing after it was closed', async () => {
    const { told } = await begin({ load: () => Promise.reject(new Error('none')), scanMs: 1 });
    await watch?.close();
    writeFileSync(join(folder, 'logs', 'x.md'), '1');
    const again = await begin({ scanMs: 20 });
    writeFileSync(join(folder, 'logs', 'y.md'), '1');
    await again.heard(join(folder, 'logs', 'y.md'));
    expect([...told]).toEqual([]);
  });
});
