import type { Timer, TimerPlace, TimerTask } from './timer-task.ts';

export type TimerKind = 'launchd' | 'systemd' | 'cron' | 'task-scheduler';

/** Where a definition is read from. */
export type TimerSource =
  | { readonly from: 'file'; readonly path: string }
  /** What a program prints; nothing when it ends with another code than 0. */
  | {
      readonly from: 'program';
      readonly name: string;
      readonly file: string;
      readonly args: readonly string[];
    };

/** One step of setting up or removing. */
export type TimerStep =
  | {
      readonly do: 'write';
      readonly path: string;
      readonly text: string;
      readonly encoding: 'utf8' | 'utf16';
    }
  | { readonly do: 'remove'; readonly path: string }
  | {
      readonly do: 'run';
      readonly file: string;
      readonly args: readonly string[];
      readonly stdin?: string;
      /** Its failure says only that there was nothing to do. */
      readonly mayFail?: boolean;
    };

/** A timer of ours that is there. */
export interface PresentTimer {
  readonly task: TimerTask;
  /** What it starts. */
  readonly words: readonly string[];
  /** Where it is: a path, or a name in words. */
  readonly place: string;
}

/** What was found, by the path or name of its source. */
export type Present = ReadonlyMap<string, string>;

/** One kind of timer: what to write and to run, from what is there. Pure; `timers.ts` carries it out. */
export interface TimerSystem {
  readonly kind: TimerKind;
  sources(place: TimerPlace): readonly TimerSource[];
  /** The timers of ours in what was found. */
  read(present: Present, place: TimerPlace): readonly PresentTimer[];
  /** Steps after which exactly these timers of ours are there; none when they are there already. */
  steps(timers: readonly Timer[], present: Present, place: TimerPlace): readonly TimerStep[];
}

/** The name under which a source is found in {@link Present}. */
export function sourceName(source: TimerSource): string {
  return source.from === 'file' ? source.path : source.name;
}
