import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { emptyReport } from '../../git-sync/report.ts';
import { createPresentSettings } from '../settings/present-settings.ts';
import { createTreeMemory } from '../status/tree-memory.ts';
import { createWorkspaceTimer } from './workspace-timer.ts';

const MINUTE = 60_000;

/** The timer over a virtual clock, with runs that end at once. */
function world(schedule: Settings['git']['schedule'], last: number | null = null) {
  const room = createRoomWorld();
  const { clock, files } = room;
  const bus = room.bus();
  const begun = clock.now();
  const ran: { readonly path: string; readonly mode: string; readonly minute: number }[] = [];
  const settings = createPresentSettings(room.parts.settings, 'UTC');
  const auto = { open: true };
  const trees = createTreeMemory(files, '/state/workspaces.json');
  const report = { ...emptyReport('workspace', '/w'), state: 'nothing' as const };
  if (last !== null) for (const tree of ['/w', '/v']) trees.note(tree, 'logs', report, last);
  let throws = 0;
  const timer = createWorkspaceTimer({
    clock,
    random: { fraction: () => [0.1, 0.9, 0.5][throws++ % 3] ?? 0.5 },
    settings,
    auto,
    trees,
    bus,
  });
  const ended = (path: string): void => void bus.emit('tree.synced', { path, mode: 'logs', report });
  bus.on('workspace.due', ({ path, mode }) => {
    ran.push({ path, mode, minute: Math.round((clock.now() - begun) / MINUTE) });
    ended(path);
  });
  const replan = (): void => void bus.emit('schedule.changed', null);
  const choose = (to: Settings['git']['schedule'], workspaces = settings.now.git.workspaces): void => {
    settings.take({ ...settings.now, git: { ...settings.now.git, schedule: to, workspaces } });
    replan();
  };
  choose(schedule, ['/w', '/v']);
  return {
    timer,
    clock,
    ran,
    ended,
    replan,
    choose,
    pass: (minutes: number) => clock.sleep(minutes * MINUTE),
    open: (to: boolean) => {
      auto.open = to;
      replan();
    },
  };
}

describe('the schedule of workspaces', () => {
  it.each([15, 30, 60] as const)(
    'runs about every %i minutes, spread out, in the mode of git.schedule',
    async (minutes) => {
      const { timer, ran, pass } = world({ '/w': { mode: 'logs', minutes } });
      await pass(12 * 60);
      const gaps = ran.slice(1).map(({ minute }, i) => minute - (ran[i]?.minute ?? 0));
      expect(ran[0]?.minute).toBeLessThanOrEqual(3);
      expect(new Set(ran.map(({ path, mode }) => `${path} ${mode}`))).toEqual(new Set(['/w logs']));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(Math.floor(minutes * 0.9));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(minutes * 1.1) + 1);
      await timer.stop();
    },
  );

  it('does nothing where git.schedule is off or does not name the workspace', async () => {
    const { timer, ran, pass } = world({
      '/w': { mode: 'off', minutes: 15 },
      '/elsewhere': { mode: 'logs', minutes: 15 },
    });
    await pass(240);
    expect(ran).toEqual([]);
    expect(timer.earliest).toBeNull();
    await timer.stop();
  });

  it('does nothing while it is paused, and what is overdue then once', async () => {
    const { timer, ran, pass, open } = world({ '/w': { mode: 'notes', minutes: 15 } });
    await pass(5);
    expect(ran).toHaveLength(1);
    open(false);
    expect(timer.next('/w')).toBeNull();
    await pass(300);
    expect(ran).toHaveLength(1);
    open(true);
    await pass(4);
    expect(ran).toHaveLength(2);
    await timer.stop();
  });

  it('tells the next time, and is not moved by looks that change nothing', async () => {
    const { timer, clock, pass, replan } = world({ '/w': { mode: 'logs', minutes: 60 } });
    await pass(5);
    const next = timer.next('/w') ?? 0;
    expect(next - clock.now()).toBeGreaterThan(40 * MINUTE);
    for (let i = 0; i < 20; i++) replan();
    expect(timer.next('/w')).toBe(next);
    expect(timer.earliest).toBe(next);
    await timer.stop();
  });

  it('follows the settings: another pace, another mode, and a workspace that is gone', async () => {
    const { timer, ran, pass, choose } = world({ '/w': { mode: 'logs', minutes: 60 } });
    await pass(5);
    choose({ '/w': { mode: 'notes', minutes: 15 } });
    await pass(20);
    expect(ran.at(-1)?.mode).toBe('notes');
    const before = ran.length;
    choose({ '/w': { mode: 'notes', minutes: 15 } }, ['/v']);
    await pass(240);
    expect(ran).toHaveLength(before);
    await timer.stop();
  });

  it('counts from the last run, also one of a person', async () => {
    const { timer, ran, pass, ended } = world({ '/w': { mode: 'logs', minutes: 60 } });
    await pass(5);
    await pass(40);
    ended('/w');
    await pass(50);
    expect(ran).toHaveLength(1);
    await timer.stop();
  });
});
