import { existsSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Settings } from '../../shared/domain/settings.ts';
import { shortHash } from '../../shared/domain/short-hash.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createNodeTimerHost } from '../adapters/timers/node-timer-host.ts';
import { folderPath } from '../core/files/folder-path.ts';
import { timersFor, type Timer } from '../core/timers/timer-task.ts';
import type { TimersDeps } from '../core/timers/timers.ts';
import { resolveHome } from './paths.ts';
import { userName } from './user-name.ts';

/** This machine's timers, for this environment's data folder. @param home absolute path of it */
export function openTimers(home: string): TimersDeps {
  const userHome = homedir();
  const configHome = process.env['XDG_CONFIG_HOME'] ?? '';
  return {
    files: createNodeFiles(),
    host: createNodeTimerHost(),
    place: {
      userHome: folderPath(userHome),
      configHome: folderPath(configHome.startsWith('/') ? configHome : join(userHome, '.config')),
      user: userName(),
      uid: process.getuid?.() ?? 0,
      searchPath: searchPath(),
      temporary: folderPath(tmpdir()),
      suffix: isUsual(home) ? '' : `-${shortHash(home)}`,
    },
  };
}

/** The timers this machine should have. @param launch the words that start the command line */
export function wantedTimers(home: string, settings: Settings, launch: readonly string[]): readonly Timer[] {
  return timersFor({
    launch,
    dataFolder: isUsual(home) ? null : folderPath(home),
    gitMinutes: gitMinutes(settings),
    spread:
      Number.parseInt(
        shortHash(`${hostname()} ${home}`)
          .replaceAll(/[^0-9a-f]/g, '')
          .slice(0, 6),
        16,
      ) || 0,
  });
}

/** The shortest interval of a registered workspace; one without a setting is synced every half hour. */
function gitMinutes({ git }: Settings): 15 | 30 | 60 | null {
  const wanted = git.workspaces.flatMap((path) => {
    const schedule = git.schedule[path];
    if (schedule === undefined) return [30 as const];
    return schedule.mode === 'off' ? [] : [schedule.minutes];
  });
  return wanted.toSorted((a, b) => a - b)[0] ?? null;
}

function isUsual(home: string): boolean {
  const usual = resolveHome({});
  return usual.ok && usual.value === home;
}

/** What Git, Node and their helpers need; a crontab line has no room for more. */
function searchPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  const git = folders.find((folder) => existsSync(join(folder, 'git')));
  const usual = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin', '/bin'].filter(existsSync);
  const all = [dirname(process.execPath), ...(git === undefined ? [] : [git]), ...usual];
  return [...new Set(all)].join(delimiter);
}
