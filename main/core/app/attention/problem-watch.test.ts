import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { createMemoryFiles, type MemoryFiles } from '../../../testing/memory-files.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { createPresentSettings } from '../settings/present-settings.ts';
import { createAttentionList, type Concern } from './attention-list.ts';
import { createProblemWatch } from './problem-watch.ts';

const MINUTE = 60_000;

function concern(subject: string, message = `${subject} was cut.`): Concern {
  return {
    kind: 'log-shrunk',
    subject,
    error: appError('attention', message, 'Decide.'),
    answers: ['take-remote', 'push-as-is', 'dismiss'],
    route: '#/logs',
  };
}

/** One app over the data folder in `disk`; several of them, one after the other, are restarts. */
async function world(disk: MemoryFiles | null = null, start = 0) {
  const room = createRoomWorld();
  if (start > 0) room.clock.jump(start - room.clock.now());
  const files = disk ?? room.files;
  const bus = room.bus();
  const settings = createPresentSettings(room.parts.settings, 'UTC');
  const attention = createAttentionList(room.clock, bus);
  const path = '/state/notified-problems.json';
  const watch = createProblemWatch({ ...room.parts, files, path, attention, settings, bus });
  const told: string[][] = [];
  bus.on('problems.arrived', (items) => told.push(items.map(({ subject }) => subject)));
  await watch.load();
  return {
    attention,
    watch,
    told,
    clock: room.clock,
    disk: files,
    choose: (change: Partial<Settings['notifications']>) => {
      const before = settings.now;
      const after = { ...before, notifications: { ...before.notifications, ...change } };
      settings.take(after);
      void bus.emit('settings.changed', { before, after, reopened: false });
    },
  };
}

describe('problems that need a person', () => {
  it('are announced once, however often they are reported', async () => {
    const { attention, told, watch } = await world();
    for (let n = 0; n < 3; n++) attention.replace('logs', [concern('a.md'), concern('b.md')]);
    expect(told).toEqual([['a.md', 'b.md']]);
    await watch.stop();
  });

  it('are announced again when they change, and when they were solved and came back', async () => {
    const { attention, told, watch } = await world();
    attention.replace('logs', [concern('a.md')]);
    attention.replace('logs', [concern('a.md', 'a.md was cut further.')]);
    attention.replace('logs', []);
    attention.replace('logs', [concern('a.md', 'a.md was cut further.')]);
    expect(told).toEqual([['a.md'], ['a.md'], ['a.md']]);
    attention.clear('log-shrunk:a.md');
    attention.replace('logs', [concern('a.md', 'a.md was cut further.')]);
    expect(told).toHaveLength(4);
    await watch.stop();
  });

  it('are not announced again after a restart, but when they were solved meanwhile', async () => {
    const first = await world();
    first.attention.replace('logs', [concern('a.md')]);
    await first.watch.stop();
    const second = await world(first.disk);
    second.attention.replace('logs', [concern('a.md')]);
    expect(second.told).toEqual([]);
    await second.watch.stop();
    const third = await world(first.disk);
    // The first look after the restart finds nothing wrong.
    third.attention.replace('logs', []);
    third.attention.replace('logs', [concern('a.md')]);
    expect(third.told).toEqual([['a.md']]);
    await third.watch.stop();
  });

  it('are not announced with notifications.problems off, and are when it is switched on', async () => {
    const { attention, told, watch, choose } = await world();
    choose({ problems: false });
    attention.replace('logs', [concern('a.md')]);
    expect(told).toEqual([]);
    choose({ problems: true });
    expect(told).toEqual([['a.md']]);
    await watch.stop();
  });

  it('wait for the end of notifications.quietHours, and are dropped if they were solved by then', async () => {
    const { attention, told, watch, clock, choose } = await world(null, Date.UTC(2026, 0, 5, 23));
    choose({ quietHours: '22:00-07:00' });
    attention.replace('logs', [concern('a.md'), concern('b.md')]);
    await clock.sleep(7 * 60 * MINUTE);
    expect(told).toEqual([]);
    attention.replace('logs', [concern('b.md')]);
    await clock.sleep(65 * MINUTE + 10 * MINUTE);
    expect(told).toEqual([['b.md']]);
    await watch.stop();
    expect(clock.waiting).toBe(0);
  });

  it('that were put aside are not announced', async () => {
    const { attention, told, watch, choose } = await world();
    choose({ problems: false });
    attention.replace('logs', [concern('a.md')]);
    attention.dismiss('log-shrunk:a.md');
    choose({ problems: true });
    expect(told).toEqual([]);
    await watch.stop();
  });

  it('survive a damaged memory', async () => {
    const disk = createMemoryFiles({ now: () => 0 });
    disk.put('/state/notified-problems.json', '{"problems":[1');
    const { attention, told, watch } = await world(disk);
    attention.replace('logs', [concern('a.md')]);
    expect(told).toEqual([['a.md']]);
    await watch.stop();
  });
});
