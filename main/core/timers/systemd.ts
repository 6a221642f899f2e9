import { inFolder, nameOf } from '../files/folder-path.ts';
import type { TimerStep, TimerSystem } from './timer-system.ts';
import {
  TIMER_TASKS,
  timerName,
  type Timer,
  type TimerPace,
  type TimerPlace,
  type TimerTask,
} from './timer-task.ts';

/** Timers of the user's own service manager: `~/.config/systemd/user/session-log-….timer` and `.service`. */
export const systemd: TimerSystem = {
  kind: 'systemd',
  sources: (place) =>
    TIMER_TASKS.flatMap((task) =>
      (['service', 'timer'] as const).map((kind) => ({ from: 'file', path: unitPath(task, kind, place) })),
    ),
  read: (present, place) =>
    TIMER_TASKS.flatMap((task) => {
      const path = unitPath(task, 'timer', place);
      if (!present.has(path)) return [];
      const command =
        /^ExecStart=(.*)$/m.exec(present.get(unitPath(task, 'service', place)) ?? '')?.[1] ?? '';
      return [{ task, words: readWords(command), place: path }];
    }),
  steps: (timers, present, place) => {
    const wanted = new Map(timers.flatMap((timer) => units(timer, place)));
    const ours = systemd.sources(place).flatMap((source) => (source.from === 'file' ? [source.path] : []));
    const changed = [...wanted].filter(([path, text]) => present.get(path) !== text);
    const gone = ours.filter((path) => !wanted.has(path) && present.has(path));
    if (changed.length + gone.length === 0) return [];
    return [
      ...gone
        .filter((path) => path.endsWith('.timer'))
        .map((path) => systemctl(['disable', '--now', nameOf(path)], true)),
      ...gone.map((path): TimerStep => ({ do: 'remove', path })),
      ...changed.map(([path, text]): TimerStep => ({ do: 'write', path, text, encoding: 'utf8' })),
      systemctl(['daemon-reload']),
      ...timers.map(({ task }) => systemctl(['enable', '--now', `${timerName(task, place)}.timer`])),
      // An existing one keeps its old time until restarted.
      ...changed
        .filter(([path]) => path.endsWith('.timer') && present.has(path))
        .map(([path]) => systemctl(['restart', nameOf(path)])),
    ];
  },
};

function systemctl(args: readonly string[], mayFail = false): TimerStep {
  return { do: 'run', file: 'systemctl', args: ['--user', ...args], ...(mayFail ? { mayFail } : {}) };
}

function unitPath(task: TimerTask, kind: 'service' | 'timer', place: TimerPlace): string {
  return inFolder(place.configHome, 'systemd', 'user', `${timerName(task, place)}.${kind}`);
}

function units(timer: Timer, place: TimerPlace): (readonly [path: string, text: string])[] {
  const service = `[Unit]
Description=Session Log: ${timer.task}

[Service]
Type=oneshot
ExecStart=${timer.words.map(quoteWord).join(' ')}
Environment=${quoteWord(`PATH=${place.searchPath}`)}
Nice=10
`;
  const clock = `[Unit]
Description=Session Log: ${timer.task}

[Timer]
OnCalendar=${calendar(timer.pace)}
RandomizedDelaySec=${timer.pace.every === 'minutes' ? '2min' : '10min'}
Persistent=${timer.pace.every === 'minutes' ? 'false' : 'true'}

[Install]
WantedBy=timers.target
`;
  return [
    [unitPath(timer.task, 'service', place), service],
    [unitPath(timer.task, 'timer', place), clock],
  ];
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

function calendar(pace: TimerPace): string {
  if (pace.every === 'minutes')
    return pace.minutes === 60 ? `*:${two(pace.offset)}` : `*:${two(pace.offset)}/${pace.minutes}`;
  const time = `${two(pace.hour)}:${two(pace.minute)}:00`;
  return pace.every === 'day' ? `*-*-* ${time}` : `${WEEKDAYS[pace.weekday] ?? 'Mon'} *-*-* ${time}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** systemd's word quoting: `%` and `$` are special unless doubled. */
function quoteWord(word: string): string {
  return `"${word.replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}

function readWords(command: string): readonly string[] {
  return [...command.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) =>
    word.replaceAll('$$', '$').replaceAll('%%', '%').replaceAll(/\\(.)/g, '$1'),
  );
}

/** Parses `systemctl --user show <timer> -p NextElapseUSecRealtime`: the next due time, as the system writes it; null if absent. */
export function readNextElapse(output: string): string | null {
  const found = /^NextElapseUSecRealtime=(.+)$/m.exec(output)?.[1]?.trim();
  return found === undefined || found === '' || found === 'n/a' ? null : found;
}
