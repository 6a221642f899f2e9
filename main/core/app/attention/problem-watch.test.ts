import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../shared/domain/settings.ts';
import type { AttentionItem } from '../../../../shared/ipc/status.ts';
import type { InboxNote } from '../../../../shared/ipc/payloads.ts';
import { ok } from '../../../../shared/result.ts';
import { createVirtualClock } from '../../../testing/virtual-clock.ts';
import type { Files } from '../../ports/files.ts';
import { noteAnnouncements, problemAnnouncements, routeOfProblem } from '../notes/announcements.ts';
import { createAttentionBoard, type Concern } from './attention.ts';
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
async function world(disk = new Map<string, Uint8Array>(), start = Date.UTC(2026, 0, 5, 9)) {
  const clock = createVirtualClock(start);
  let notifications: Settings['notifications'] = DEFAULT_SETTINGS.notifications;
  const files = {
    read: async (path: string) => ok(disk.get(path) ?? null),
    replace: async (path: string, bytes: Uint8Array) => {
      disk.set(path, bytes);
      return ok(undefined);
    },
  } as unknown as Files;
  const told: string[][] = [];
  const board = createAttentionBoard(
    clock,
    () => watch.check(),
    (source, ids) => watch.reported(source, ids),
  );
  const watch = createProblemWatch({
    files,
    path: '/state/notified-problems.json',
    board,
    settings: () => notifications,
    timeZone: () => 'UTC',
    clock,
    logger: { error: () => undefined },
  });
  watch.subscribe((items) => told.push(items.map(({ subject }) => subject)));
  await watch.load();
  return {
    board,
    watch,
    told,
    clock,
    disk,
    choose: (change: Partial<Settings['notifications']>) => {
      notifications = { ...notifications, ...change };
      watch.check();
    },
  };
}

describe('problems that need a person', () => {
  it('are announced once, however often they are reported', async () => {
    const { board, told, watch } = await world();
    for (let n = 0; n < 3; n++) board.replace('logs', [concern('a.md'), concern('b.md')]);
    expect(told).toEqual([['a.md', 'b.md']]);
    await watch.stop();
  });

  it('are announced again when they change, and when they were solved and came back', async () => {
    const { board, told, watch } = await world();
    board.replace('logs', [concern('a.md')]);
    board.replace('logs', [concern('a.md', 'a.md was cut further.')]);
    board.replace('logs', []);
    board.replace('logs', [concern('a.md', 'a.md was cut further.')]);
    expect(told).toEqual([['a.md'], ['a.md'], ['a.md']]);
    board.clear('log-shrunk:a.md');
    board.replace('logs', [concern('a.md', 'a.md was cut further.')]);
    expect(told).toHaveLength(4);
    await watch.stop();
  });

  it('are not announced again after a restart, but when they were solved meanwhile', async () => {
    const first = await world();
    first.board.replace('logs', [concern('a.md')]);
    await first.watch.stop();
    const second = await world(first.disk);
    second.board.replace('logs', [concern('a.md')]);
    expect(second.told).toEqual([]);
    await second.watch.stop();
    const third = await world(first.disk);
    // The first look after the restart finds nothing wrong.
    third.board.replace('logs', []);
    third.board.replace('logs', [concern('a.md')]);
    expect(third.told).toEqual([['a.md']]);
    await third.watch.stop();
  });

  it('are not announced with notifications.problems off, and are when it is switched on', async () => {
    const { board, told, watch, choose } = await world();
    choose({ problems: false });
    board.replace('logs', [concern('a.md')]);
    expect(told).toEqual([]);
    choose({ problems: true });
    expect(told).toEqual([['a.md']]);
    await watch.stop();
  });

  it('wait for the end of notifications.quietHours, and are dropped if they were solved by then', async () => {
    const { board, told, watch, clock, choose } = await world(new Map(), Date.UTC(2026, 0, 5, 23));
    choose({ quietHours: '22:00-07:00' });
    board.replace('logs', [concern('a.md'), concern('b.md')]);
    await clock.sleep(7 * 60 * MINUTE);
    expect(told).toEqual([]);
    board.replace('logs', [concern('b.md')]);
    await clock.sleep(65 * MINUTE + 10 * MINUTE);
    expect(told).toEqual([['b.md']]);
    await watch.stop();
    expect(clock.waiting).toBe(0);
  });

  it('that were put aside are not announced', async () => {
    const { board, told, watch, choose } = await world();
    choose({ problems: false });
    board.replace('logs', [concern('a.md')]);
    board.dismiss('log-shrunk:a.md');
    choose({ problems: true });
    expect(told).toEqual([]);
    await watch.stop();
  });

  it('survive a damaged memory', async () => {
    const disk = new Map([['/state/notified-problems.json', new TextEncoder().encode('{"problems":[1')]]);
    const { board, told, watch } = await world(disk);
    board.replace('logs', [concern('a.md')]);
    expect(told).toEqual([['a.md']]);
    await watch.stop();
  });
});

describe('the words of a problem', () => {
  const item = (subject: string): AttentionItem => ({
    id: `log-shrunk:${subject}`,
    since: 1,
    ...concern(subject),
    route: '#/logs',
  });

  it('lead to the buttons that answer it, or to where it is set right', () => {
    expect(problemAnnouncements([item('a.md')])).toMatchObject([
      { title: 'A log is shorter than its backup', body: 'a.md was cut.', route: '#/sync', tone: 'warning' },
    ]);
    expect(routeOfProblem({ answers: ['retry', 'dismiss'], route: '#/settings/store' })).toBe(
      '#/settings/store',
    );
    expect(routeOfProblem({ answers: ['retry'], route: null })).toBe('#/sync');
  });

  it('do not fill the screen', () => {
    const many = Array.from({ length: 40 }, (_, n) => item(`${n}.md`));
    const announced = problemAnnouncements(many);
    expect(announced).toHaveLength(3);
    expect(announced.at(-1)).toMatchObject({ title: '38 more things need your attention', route: '#/sync' });
    const hostile = { ...item('x'), error: appError('attention', `‮${'x'.repeat(10_000)}`, '') };
    expect(problemAnnouncements([hostile])[0]?.body.length).toBeLessThanOrEqual(290);
  });
});

describe('the words of a note', () => {
  it('lead to its log, or, for one that came by git and whose log may not be here, to the note', () => {
    const note = {
      hash: 'f'.repeat(64),
      machine: 'm',
      host: 'build-box',
      path: 'x.md',
      to: 'hal',
      from: 'Priya N',
      date: '2026-01-05',
      line: 3,
      text: '**Rotate** the `key`:\n\n- [ ] staging\n- [ ] prod',
      truncated: false,
      receipts: [],
      log: 'a9dba759-e2ee-4be1-8c4c-6d0fb8ecd45c/x.md',
      state: 'unread',
      stateAt: null,
    } as unknown as InboxNote;
    expect(noteAnnouncements([note], 'other')).toMatchObject([
      {
        title: 'Priya N left you a note on build-box',
        body: 'Rotate the key: · staging · prod',
        route: expect.stringMatching(/^#\/logs\/.*line=3/),
      },
    ]);
    expect(noteAnnouncements([note], 'm')[0]?.route).toBe(`#/notes/${note.hash}`);
  });
});
