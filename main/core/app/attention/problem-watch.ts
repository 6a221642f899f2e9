import type { Clock } from '../../ports/clock.ts';
import type { Files } from '../../ports/files.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Bus } from '../bus.ts';
import type { AttentionList } from './attention-list.ts';
import { readAnnounced, writeAnnounced, type AnnouncedProblem } from './problem-news.ts';
import { createTimetable } from '../schedule/timetable.ts';
import type { PresentSettings } from '../settings/present-settings.ts';
import { quietUntil } from '../schedule/wall-time.ts';

/**
 * Announces each problem that needs a person once: again only when its text changes, or when it was solved and returns. Held back while the
 * settings say no, in quiet hours or without listeners, it is announced later if it still exists.
 */
export interface ProblemWatch {
  /** Loads what was announced before the last restart; announces nothing earlier. */
  load(): Promise<void>;
  /** Checks again: a listener was added. */
  check(): void;
  stop(): Promise<void>;
}

export interface ProblemWatchParts {
  readonly files: Files;
  /** `state/notified-problems.json`, absolute; regenerable. */
  readonly path: string;
  readonly attention: Pick<AttentionList, 'items' | 'sourceOf'>;
  readonly settings: PresentSettings;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly logger: Pick<Logger, 'warn'>;
}

/** @returns a watch that announces nothing before `load` */
export function createProblemWatch(parts: ProblemWatchParts): ProblemWatch {
  const { clock, attention, settings, bus } = parts;
  const table = createTimetable<'check'>(clock, () => check());
  let announced: Map<string, AnnouncedProblem> | null = null;
  /** Reports from before `load`. */
  const early = new Map<string, ReadonlySet<string>>();
  let writing: Promise<void> = Promise.resolve();

  function save(): void {
    if (announced === null) return;
    const now = new Map(announced);
    writing = writing.then(() => writeAnnounced(parts.files, parts.path, now));
  }

  function isQuiet(quietHours: string): boolean {
    const until = quietUntil(clock.now(), quietHours, settings.timeZone);
    table.set('check', until);
    return until !== null;
  }

  function check(): void {
    const { problems, quietHours } = settings.now.notifications;
    if (announced === null || !bus.isHeard('problems.arrived') || !problems || isQuiet(quietHours)) return;
    const known = announced;
    const fresh = attention.items.filter(({ id, error }) => known.get(id)?.message !== error.message);
    if (fresh.length === 0) return;
    for (const { id, error } of fresh) {
      // Newest last: the oldest are dropped first.
      known.delete(id);
      known.set(id, { source: attention.sourceOf(id) ?? '', message: error.message });
    }
    save();
    void bus.emit('problems.arrived', fresh);
  }

  function reported(source: string, ids: ReadonlySet<string>): void {
    if (announced === null) {
      early.set(source, ids);
      return;
    }
    const solved = [...announced].filter(([id, one]) => one.source === source && !ids.has(id));
    for (const [id] of solved) announced.delete(id);
    if (solved.length > 0) save();
  }

  bus.on('attention.changed', check);
  bus.on('settings.changed', check);
  bus.on('attention.reported', ({ source, ids }) => reported(source, ids));
  return {
    async load() {
      announced = new Map(await readAnnounced(parts.files, parts.path, parts.logger));
      for (const [source, ids] of early) reported(source, ids);
      check();
    },
    check,
    async stop() {
      await table.stop();
      await writing;
    },
  };
}
