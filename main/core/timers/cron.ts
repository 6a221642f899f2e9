import { launcherOf, launcherWords } from '../launcher/launcher-words.ts';
import type { TimerStep, TimerSystem } from './timer-system.ts';
import { TIMER_TASKS, type Timer, type TimerPace, type TimerPlace } from './timer-task.ts';

const TABLE = 'crontab';

/** Lines of the user's crontab between two marks. Everything outside belongs to somebody else and stays byte for byte. */
export const cron: TimerSystem = {
  kind: 'cron',
  sources: () => [{ from: 'program', name: TABLE, file: 'crontab', args: ['-l'] }],
  read: (present, place) => {
    const block = blockOf(present.get(TABLE) ?? '', place)?.text ?? '';
    return block.split('\n').flatMap((line) => {
      const command = /^(?:\S+ ){5}(.*) >\/dev\/null 2>&1$/.exec(line)?.[1];
      if (command === undefined) return [];
      const all = launcherWords(command.replaceAll('\\%', '%'));
      // Preceded by `env PATH=…`.
      const words = all.slice(all.findIndex((word) => word.startsWith('PATH=')) + 1);
      const task = TIMER_TASKS.find((one) => words[words.indexOf('run') + 1] === one);
      return task === undefined ? [] : [{ task, words, place: TABLE }];
    });
  },
  steps: (timers, present, place) => {
    const before = present.get(TABLE) ?? '';
    const after = withBlock(before, timers.length === 0 ? '' : blockText(timers, place), place);
    if (after === before) return [];
    const step: TimerStep =
      // Remove an empty table: cron need not read it.
      after === ''
        ? { do: 'run', file: 'crontab', args: ['-r'] }
        : { do: 'run', file: 'crontab', args: ['-'], stdin: after };
    return [step];
  },
};

function begin({ suffix }: Pick<TimerPlace, 'suffix'>): string {
  return `# session-log${suffix}: begin (written by \`session-log schedule install\`)`;
}

function end({ suffix }: Pick<TimerPlace, 'suffix'>): string {
  return `# session-log${suffix}: end`;
}

interface Block {
  readonly start: number;
  readonly stop: number;
  readonly text: string;
}

/** Our lines; null when there are none, or a mark is missing: then nothing is known to be ours. */
function blockOf(table: string, place: Pick<TimerPlace, 'suffix'>): Block | null {
  const [first, last] = [`${begin(place)}\n`, `${end(place)}\n`];
  const at = table.startsWith(first) ? 0 : table.indexOf(`\n${first}`) + 1;
  if (at === 0 && !table.startsWith(first)) return null;
  const close = table.indexOf(`\n${last}`, at);
  if (close === -1) return null;
  const stop = close + 1 + last.length;
  return { start: at, stop, text: table.slice(at, stop) };
}

function withBlock(table: string, block: string, place: Pick<TimerPlace, 'suffix'>): string {
  const found = blockOf(table, place);
  if (found !== null) return table.slice(0, found.start) + block + table.slice(found.stop);
  if (block === '') return table;
  // A last line without its end would join ours; that line end is ours and goes with the block.
  return table === '' || table.endsWith('\n') ? table + block : `${table}\n${block}`;
}

function blockText(timers: readonly Timer[], place: TimerPlace): string {
  return [begin(place), ...timers.map((timer) => line(timer, place)), end(place), ''].join('\n');
}

/** Output would be mailed; results are in the journal and the app log. */
function line({ pace, words }: Timer, { searchPath }: TimerPlace): string {
  const command = `${launcherOf([`PATH=${searchPath}`], false)} ${launcherOf(words, false)}`;
  // To cron, a bare per cent sign ends the line.
  return `${fields(pace)} env ${command.replaceAll('%', '\\%')} >/dev/null 2>&1`;
}

function fields(pace: TimerPace): string {
  if (pace.every === 'day') return `${pace.minute} ${pace.hour} * * *`;
  if (pace.every === 'week') return `${pace.minute} ${pace.hour} * * ${pace.weekday}`;
  const minutes = Array.from({ length: 60 / pace.minutes }, (_, n) => pace.offset + n * pace.minutes);
  return `${minutes
    .map((minute) => minute % 60)
    .sort((a, b) => a - b)
    .join(',')} * * * *`;
}
