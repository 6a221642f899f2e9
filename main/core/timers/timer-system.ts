import type { Timer, TimerPlace, TimerTask } from './timer-task.ts';

export type TimerKind = 'launchd' | 'systemd' | 'cron' | 'task-scheduler';

/** Where a definition is read from. */
export type TimerSource =
  | { readonly from: 'file'; readonly path: string }
  /** A program's output; empty when its exit code is not 0. */
  | {
      readonly from: 'program';
      readonly name: string;
      readonly file: string;
      readonly args: readonly string[];
    };

/** One step of installing or removing. */
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
      /** Failure means that there was nothing to do. */
      readonly mayFail?: boolean;
    };

/** An installed timer of ours. */
export interface PresentTimer {
  readonly task: TimerTask;
  /** What it starts. */
  readonly words: readonly string[];
  /** Location: a path, or a name in words. */
  readonly place: string;
}

/** Found definitions, by path or name of the source. */
export type Present = ReadonlyMap<string, string>;

/** One kind of timer: computes what to write and run from what exists. Pure; `timers.ts` executes it. */
export interface TimerSystem {
  readonly kind: TimerKind;
  sources(place: TimerPlace): readonly TimerSource[];
  /** Our timers among the found ones. */
  read(present: Present, place: TimerPlace): readonly PresentTimer[];
  /** Steps after which exactly these timers of ours exist; none when they do already. */
  steps(timers: readonly Timer[], present: Present, place: TimerPlace): readonly TimerStep[];
}

/** A source's key in {@link Present}. */
export function sourceName(source: TimerSource): string {
  return source.from === 'file' ? source.path : source.name;
}
