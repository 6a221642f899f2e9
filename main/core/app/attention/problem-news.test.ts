import { describe, expect, it } from 'vitest';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { readAnnounced, writeAnnounced } from './problem-news.ts';

const PATH = '/state/notified-problems.json';
const problem = (n: number) => [`p${n}`, { source: 'logs', message: `${n}` }] as const;

describe('which problems were announced', () => {
  it('comes back as it was kept, in its order', async () => {
    const { files, parts } = createRoomWorld();
    await writeAnnounced(files, PATH, new Map([problem(2), problem(1)]));
    expect([...(await readAnnounced(files, PATH, parts.logger))]).toEqual([problem(2), problem(1)]);
  });

  it('is forgotten from the oldest on when it is more than anybody has', async () => {
    const { files, parts } = createRoomWorld();
    await writeAnnounced(files, PATH, new Map(Array.from({ length: 600 }, (_, n) => problem(n))));
    const kept = await readAnnounced(files, PATH, parts.logger);
    expect([kept.size, kept.has('p99'), kept.has('p100')]).toEqual([500, false, true]);
  });

  it('is nothing when the file is missing or damaged: at worst one is announced again', async () => {
    const { files, parts } = createRoomWorld();
    expect((await readAnnounced(files, PATH, parts.logger)).size).toBe(0);
    files.put(PATH, '{"problems": {"p": {"source": 7}}}');
    expect((await readAnnounced(files, PATH, parts.logger)).size).toBe(0);
  });
});
