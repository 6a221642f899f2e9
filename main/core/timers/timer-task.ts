/** What the system's timer starts. */
export type TimerTask = 'push' | 'full' | 'index' | 'git';

export const TIMER_TASKS: readonly TimerTask[] = ['push', 'full', 'index', 'git'];

/** When a task is due: at a time of day (in the system's zone), or every N minutes. */
export type TimerPace =
  | { readonly every: 'day'; readonly hour: number; readonly minute: number }
  /** `weekday` 0 is Sunday. */
  | { readonly every: 'week'; readonly weekday: number; readonly hour: number; readonly minute: number }
  /** From `offset` minutes past the full hour. */
  | { readonly every: 'minutes'; readonly minutes: 15 | 30 | 60; readonly offset: number };

/** One entry for the system's timer. */
export interface Timer {
  readonly task: TimerTask;
  readonly pace: TimerPace;
  /** The whole command line, in words; the first is an absolute path. */
  readonly words: readonly string[];
}

/** Location and owner of timers. Paths are absolute. */
export interface TimerPlace {
  readonly userHome: string;
  /** `$XDG_CONFIG_HOME`, else `~/.config`. */
  readonly configHome: string;
  readonly user: string;
  /** The user's id; 0 where there is none. */
  readonly uid: number;
  /** Search path for programs: timers start with almost none. */
  readonly searchPath: string;
  /** A folder for temporary files passed to programs. */
  readonly temporary: string;
  /** Suffix of our names: empty for the usual data folder, else unique. */
  readonly suffix: string;
}

/** Settings of a machine's timers. */
export interface TimerWishes {
  /** The words that start the command line. */
  readonly launch: readonly string[];
  /** The data folder, if not the usual one. */
  readonly dataFolder: string | null;
  /** Minutes between git syncs; null when no workspace is registered for them. */
  readonly gitMinutes: 15 | 30 | 60 | null;
  /** Spreads machines over the hour and the week: a stable number that differs between them. */
  readonly spread: number;
}

/** Daily push, weekly full sync, the index every quarter of an hour, and the git sync of registered workspaces. */
export function timersFor({ launch, dataFolder, gitMinutes, spread }: TimerWishes): readonly Timer[] {
  const minute = spread % 60;
  const words = (task: TimerTask): readonly string[] => [
    ...launch,
    'schedule',
    'run',
    task,
    ...(dataFolder === null ? [] : ['--home', dataFolder]),
  ];
  const timer = (task: TimerTask, pace: TimerPace): Timer => ({ task, pace, words: words(task) });
  return [
    timer('push', { every: 'day', hour: 12, minute }),
    timer('full', { every: 'week', weekday: 1 + (spread % 5), hour: 13, minute }),
    timer('index', { every: 'minutes', minutes: 15, offset: spread % 15 }),
    ...(gitMinutes === null
      ? []
      : [timer('git', { every: 'minutes', minutes: gitMinutes, offset: (spread + 7) % gitMinutes })]),
  ];
}

/** The name of a task's entry, e.g. `session-log-push`. */
export function timerName(task: TimerTask, { suffix }: Pick<TimerPlace, 'suffix'>): string {
  return `session-log-${task}${suffix}`;
}
