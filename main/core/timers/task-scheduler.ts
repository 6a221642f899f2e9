import { inFolder } from '../files/folder-path.ts';
import type { TimerStep, TimerSystem } from './timer-system.ts';
import {
  TIMER_TASKS,
  timerName,
  type Timer,
  type TimerPace,
  type TimerPlace,
  type TimerTask,
} from './timer-task.ts';
import { fromXmlText, xmlText } from './xml.ts';

/** Prevents a console task from showing a window every quarter of an hour. */
const HEADLESS = ['conhost.exe', '--headless'] as const;

/** Tasks in the Windows Task Scheduler's folder `\Session Log`, for the signed-in user. */
export const taskScheduler: TimerSystem = {
  kind: 'task-scheduler',
  sources: (place) =>
    TIMER_TASKS.map((task) => ({
      from: 'program',
      name: taskName(task, place),
      file: 'schtasks.exe',
      args: ['/Query', '/XML', '/TN', taskName(task, place)],
    })),
  read: (present, place) =>
    TIMER_TASKS.flatMap((task) => {
      const text = present.get(taskName(task, place));
      return text === undefined ? [] : [{ task, words: readWords(text), place: taskName(task, place) }];
    }),
  steps: (timers, present, place) => {
    const wanted = new Map(timers.map((timer) => [timer.task, timer]));
    return TIMER_TASKS.flatMap((task): readonly TimerStep[] => {
      const [name, timer] = [taskName(task, place), wanted.get(task)];
      const before = present.get(name);
      if (timer === undefined)
        return before === undefined
          ? []
          : [{ do: 'run', file: 'schtasks.exe', args: ['/Delete', '/F', '/TN', name] }];
      if (before !== undefined && isAsWanted(before, timer)) return [];
      const path = inFolder(place.temporary, `${timerName(task, place)}.xml`);
      return [
        { do: 'write', path, text: definition(timer), encoding: 'utf16' },
        { do: 'run', file: 'schtasks.exe', args: ['/Create', '/F', '/TN', name, '/XML', path] },
        { do: 'remove', path },
      ];
    });
  },
};

function taskName(task: TimerTask, { suffix }: Pick<TimerPlace, 'suffix'>): string {
  return `\\Session Log\\${task}${suffix}`;
}

/** The scheduler rewrites definitions in its own form: only command and time count. */
function isAsWanted(before: string, { words, pace }: Timer): boolean {
  const again = pace.every === 'minutes' ? interval(pace.minutes) : '';
  return (
    sameWords(readWords(before), words.map(windowsWord)) &&
    before.includes(startOf(pace)) &&
    before.includes(again)
  );
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, at) => word === other[at]);
}

function definition({ task, pace, words }: Timer): string {
  const [command, ...args] = [...HEADLESS, ...words.map(windowsWord)];
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Session Log: ${task}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
${repetition(pace)}      <StartBoundary>${startOf(pace)}</StartBoundary>
      <Enabled>true</Enabled>
${days(pace)}    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT4H</ExecutionTimeLimit>
    <Priority>8</Priority>
  </Settings>
  <Actions>
    <Exec>
      <Command>${xmlText(command)}</Command>
      <Arguments>${xmlText(args.map(quoteWord).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** Any past day: the scheduler counts from it. */
function startOf(pace: TimerPace): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hour, minute] = pace.every === 'minutes' ? [0, pace.offset] : [pace.hour, pace.minute];
  return `2024-01-01T${two(hour)}:${two(minute)}:00`;
}

function repetition(pace: TimerPace): string {
  if (pace.every !== 'minutes') return '';
  return `      <Repetition>
        <Interval>${interval(pace.minutes)}</Interval>
        <Duration>P1D</Duration>
      </Repetition>
`;
}

/** In the scheduler's own form. */
function interval(minutes: number): string {
  return minutes === 60 ? 'PT1H' : `PT${minutes}M`;
}

function days(pace: TimerPace): string {
  if (pace.every !== 'week')
    return `      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
`;
  return `      <ScheduleByWeek>
        <WeeksInterval>1</WeeksInterval>
        <DaysOfWeek>
          <${WEEKDAYS[pace.weekday] ?? 'Monday'} />
        </DaysOfWeek>
      </ScheduleByWeek>
`;
}

/** Windows programs accept paths only with its own separators. */
function windowsWord(word: string): string {
  return /^[A-Za-z]:\//.test(word) ? word.replaceAll('/', '\\') : word;
}

/** Quoted for splitting by the C runtime of Windows. */
function quoteWord(word: string): string {
  if (/^[^\s"]+$/.test(word)) return word;
  return `"${word.replaceAll(/(\\*)"/g, '$1$1\\"').replaceAll(/(\\+)$/g, '$1$1')}"`;
}

/** The words after the one that hides the window. */
function readWords(text: string): readonly string[] {
  const args = fromXmlText(/<Arguments>([^<]*)<\/Arguments>/.exec(text)?.[1] ?? '');
  const words = [...args.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('\\"', '"'),
  );
  return words[0] === HEADLESS[1] ? words.slice(1) : words;
}
