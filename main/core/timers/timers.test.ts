import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ok, unwrap } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { ProgramEnd, TimerHost } from '../ports/timer-host.ts';
import { readNextElapse } from './systemd.ts';
import { timersFor, type TimerPlace, type TimerWishes } from './timer-task.ts';
import { installTimers, removeTimers, timersStatus, type TimersDeps } from './timers.ts';

const recording = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'recordings', name), 'utf8');

const LINUX: TimerWishes = {
  launch: ['/usr/bin/node', '/opt/session log/100%/cli.js'],
  dataFolder: null,
  gitMinutes: 30,
  spread: 67,
};
const PLACE: TimerPlace = {
  userHome: '/home/hal',
  configHome: '/home/hal/.config',
  user: 'hal',
  uid: 1000,
  searchPath: '/usr/bin:/bin',
  temporary: '/tmp',
  suffix: '',
};
const DONE: ProgramEnd = { code: 0, stdout: '', stderr: '' };

/** A machine whose programs answer as they were recorded, and keep what they are given. */
function machine(
  platform: TimerHost['platform'],
  options: { readonly systemd?: boolean; readonly crontab?: string } = {},
) {
  const disk = new Map<string, Uint8Array>();
  const ran: string[] = [];
  const tasks = new Map<string, string>();
  let crontab = options.crontab;
  const programs: Readonly<Record<string, (args: readonly string[], stdin: string) => ProgramEnd>> = {
    systemctl: (args) => {
      if (options.systemd !== true) return { ...DONE, code: 1, stderr: recording('systemctl-no-bus.txt') };
      return args.includes('show') ? { ...DONE, stdout: recording('systemctl-show-timer.txt') } : DONE;
    },
    loginctl: () => ({ ...DONE, stdout: 'Linger=no\n' }),
    launchctl: () => DONE,
    crontab: (args, stdin) => {
      if (args[0] === '-l' && crontab === undefined)
        return { ...DONE, code: 1, stderr: recording('crontab-none.txt') };
      if (args[0] === '-l') return { ...DONE, stdout: crontab ?? '' };
      crontab = args[0] === '-r' ? undefined : stdin;
      return DONE;
    },
    'schtasks.exe': (args) => {
      const name = args[args.indexOf('/TN') + 1] ?? '';
      if (args[0] === '/Create') {
        const bytes = disk.get(args[args.indexOf('/XML') + 1] ?? '') ?? new Uint8Array();
        tasks.set(name, new TextDecoder('utf-16le').decode(bytes));
      }
      if (args[0] === '/Delete') tasks.delete(name);
      const found = tasks.get(name);
      return args[0] === '/Query' && found === undefined
        ? { ...DONE, code: 1, stderr: recording('schtasks-no-task.txt') }
        : { ...DONE, stdout: found ?? '' };
    },
  };
  const files = {
    read: async (path: string) => ok(disk.get(path) ?? null),
    stat: async (path: string) => ok(disk.has(path) || path === '/usr/bin/node' ? { kind: 'file' } : null),
    remove: async (path: string) => {
      disk.delete(path);
      return ok(undefined);
    },
    replace: async (path: string, bytes: Uint8Array) => {
      disk.set(path, bytes);
      return ok(undefined);
    },
  } as unknown as Files;
  const deps: TimersDeps = {
    files,
    place: PLACE,
    host: {
      platform,
      run: async (file, args, stdin = '') => {
        ran.push([file, ...args].join(' '));
        return programs[file]?.(args, stdin) ?? { code: null, stdout: '', stderr: `spawn ${file} ENOENT` };
      },
    },
  };
  return {
    deps,
    disk,
    ran,
    tasks,
    table: () => crontab,
    text: (path: string) => new TextDecoder().decode(disk.get(path)),
  };
}

describe('the timers of a machine', () => {
  it('are a daily push, a weekly full sync, the index every quarter of an hour and the git sync of registered workspaces', () => {
    expect(timersFor(LINUX)).toMatchObject([
      { task: 'push', pace: { every: 'day', hour: 12, minute: 7 } },
      { task: 'full', pace: { every: 'week', weekday: 3, hour: 13, minute: 7 } },
      { task: 'index', pace: { every: 'minutes', minutes: 15, offset: 7 } },
      { task: 'git', pace: { every: 'minutes', minutes: 30, offset: 14 } },
    ]);
    expect(timersFor({ ...LINUX, gitMinutes: null }).map(({ task }) => task)).not.toContain('git');
    expect(timersFor({ ...LINUX, dataFolder: '/srv/logs' })[0]?.words.slice(-2)).toEqual([
      '--home',
      '/srv/logs',
    ]);
  });

  it.each([
    ['systemd', machine('linux', { systemd: true })],
    ['cron', machine('linux', { crontab: recording('crontab-of-ops.txt') })],
    ['cron without a table', machine('linux')],
    ['launchd', machine('darwin')],
    ['task-scheduler', machine('win32')],
  ] as const)(
    'with %s are set up once, found again as they were asked for, and removed without a trace',
    async (_name, { deps, disk, table, tasks }) => {
      const before = table();
      const wanted = timersFor({
        ...LINUX,
        launch:
          deps.host.platform === 'win32' ? ['C:\\Program Files\\node.exe', 'C:\\x\\cli.js'] : LINUX.launch,
      });
      const dry = unwrap(await installTimers(deps, wanted, { dryRun: true }));
      expect(dry.steps.length).toBeGreaterThan(0);
      expect([disk.size, tasks.size, table()]).toEqual([0, 0, before]);
      const made = unwrap(await installTimers(deps, wanted, { dryRun: false }));
      expect(made.timers.map(({ task, words }) => [task, words])).toEqual(
        wanted.map(({ task, words }) => [task, words]),
      );
      expect(unwrap(await installTimers(deps, wanted, { dryRun: false })).steps).toEqual([]);
      const removed = unwrap(await removeTimers(deps, false));
      expect(removed.flatMap(({ timers }) => timers)).toHaveLength(4);
      expect([disk.size, tasks.size]).toEqual([0, 0]);
      // The last line of the other's table had no end; one that a line of ours needed may stay.
      expect((table() ?? '').trimEnd()).toBe((before ?? '').trimEnd());
      expect(unwrap(await removeTimers(deps, false))).toEqual([]);
    },
  );

  it('follow the settings: a git sync that is not wanted any more goes', async () => {
    for (const one of [
      machine('linux', { systemd: true }),
      machine('linux'),
      machine('darwin'),
      machine('win32'),
    ]) {
      unwrap(await installTimers(one.deps, timersFor(LINUX), { dryRun: false }));
      const change = unwrap(
        await installTimers(one.deps, timersFor({ ...LINUX, gitMinutes: null }), { dryRun: false }),
      );
      expect(change.timers.map(({ task }) => task)).toEqual(['push', 'full', 'index']);
    }
  });

  it('of other people in the crontab stay byte for byte, also when ours are changed', async () => {
    const others = recording('crontab-of-ops.txt');
    const { deps, table } = machine('linux', { crontab: others });
    unwrap(await installTimers(deps, timersFor(LINUX), { dryRun: false }));
    expect(table()?.startsWith(others)).toBe(true);
    unwrap(await installTimers(deps, timersFor({ ...LINUX, spread: 3 }), { dryRun: false }));
    expect(table()?.startsWith(others)).toBe(true);
    expect(table()?.match(/: begin/g)).toHaveLength(1);
    // Cron ends a command at a bare per cent.
    expect(table()).toContain('100\\%');
    expect(table()).not.toMatch(/100%/);
  });

  it('in a crontab whose marks somebody has damaged are left alone: nothing is known to be ours', async () => {
    const { deps, table } = machine('linux');
    unwrap(await installTimers(deps, timersFor(LINUX), { dryRun: false }));
    const broken = (table() ?? '').replace(/# session-log: end\n/, '');
    const other = machine('linux', { crontab: broken });
    expect(unwrap(await removeTimers(other.deps, false))).toEqual([]);
    expect(other.table()).toBe(broken);
  });

  it('of two data folders do not meet', async () => {
    const one = machine('linux');
    const second: TimersDeps = { ...one.deps, place: { ...PLACE, suffix: '-0123456789abcdef' } };
    unwrap(await installTimers(one.deps, timersFor(LINUX), { dryRun: false }));
    unwrap(await installTimers(second, timersFor({ ...LINUX, dataFolder: '/srv/logs' }), { dryRun: false }));
    expect((await timersStatus(one.deps)).timers).toHaveLength(4);
    unwrap(await removeTimers(one.deps, false));
    expect((await timersStatus(second)).timers.every(({ words }) => words.includes('/srv/logs'))).toBe(true);
  });

  it('are of one kind: changing from cron to systemd leaves nothing in the crontab', async () => {
    const one = machine('linux', { systemd: true });
    unwrap(await installTimers(one.deps, timersFor(LINUX), { dryRun: false, kind: 'cron' }));
    expect((await timersStatus(one.deps)).timers.map(({ kind }) => kind)).toContain('cron');
    const change = unwrap(await installTimers(one.deps, timersFor(LINUX), { dryRun: false }));
    expect(change.hints[0]).toContain('loginctl enable-linger hal');
    expect(new Set((await timersStatus(one.deps)).timers.map(({ kind }) => kind))).toEqual(
      new Set(['systemd']),
    );
  });

  it('say what they start that is gone, and when they are due where the system tells', async () => {
    const { deps, disk } = machine('linux', { systemd: true });
    unwrap(await installTimers(deps, timersFor(LINUX), { dryRun: false }));
    expect((await timersStatus(deps)).timers[0]).toMatchObject({
      missing: '/opt/session log/100%/cli.js',
      next: 'Mon 2026-11-30 12:07:00 UTC',
    });
    disk.set('/opt/session log/100%/cli.js', new Uint8Array());
    expect((await timersStatus(deps)).timers[0]?.missing).toBeNull();
    expect(readNextElapse(recording('systemctl-show-timer-off.txt'))).toBeNull();
  });

  it('cannot be set up where there is no timer, and a program that refuses is quoted', async () => {
    const none = machine('linux');
    const bare: TimersDeps = {
      ...none.deps,
      host: { platform: 'linux', run: async () => ({ code: null, stdout: '', stderr: 'ENOENT' }) },
    };
    expect(await installTimers(bare, timersFor(LINUX), { dryRun: false })).toMatchObject({
      ok: false,
      error: { code: 'not-configured' },
    });
    const mac = machine('darwin');
    const refusing: TimersDeps = {
      ...mac.deps,
      host: {
        platform: 'darwin',
        run: async () => ({ code: 5, stdout: '', stderr: recording('launchctl-bootstrap-twice.txt') }),
      },
    };
    expect(await installTimers(refusing, timersFor(LINUX), { dryRun: false })).toMatchObject({
      ok: false,
      error: { code: 'io', message: expect.stringContaining('Bootstrap failed: 5') },
    });
  });

  it('of the Windows Task Scheduler are known by what it gives back', async () => {
    const { deps, tasks } = machine('win32');
    tasks.set('\\Session Log\\index', recording('schtasks-query-index.xml'));
    const launch = [
      'C:/Program Files/Session Log/resources/cli/bin/node.exe',
      'C:/Program Files/Session Log/resources/cli/out/main/cli.js',
    ];
    const dry = unwrap(await installTimers(deps, timersFor({ ...LINUX, launch }), { dryRun: true }));
    const created = dry.steps.flatMap((step) => (step.do === 'run' ? [step.args.join(' ')] : []));
    expect(created.some((args) => args.includes('\\Session Log\\index'))).toBe(false);
    expect(created.some((args) => args.includes('\\Session Log\\push'))).toBe(true);
  });

  it.runIf(hasVerify())('for systemd are units that systemd itself accepts', async () => {
    const { deps, disk } = machine('linux', { systemd: true });
    const node = process.execPath;
    unwrap(
      await installTimers(deps, timersFor({ ...LINUX, launch: [node, '/opt/a b/$x%y".js'] }), {
        dryRun: false,
      }),
    );
    const folder = mkdtempSync(join(tmpdir(), 'units-'));
    const units = [...disk].map(([path, bytes]) => {
      const file = join(folder, path.slice(path.lastIndexOf('/') + 1));
      writeFileSync(file, bytes);
      return file;
    });
    try {
      expect(
        execFileSync('systemd-analyze', ['verify', '--man=no', ...units], {
          encoding: 'utf8',
          stdio: 'pipe',
        }),
      ).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function hasVerify(): boolean {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
