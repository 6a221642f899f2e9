import type { Settings } from '../../../../shared/domain/settings.ts';
import type { AttentionItem } from '../../../../shared/ipc/status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Files } from '../../ports/files.ts';
import type { Logger } from '../../ports/logger.ts';
import type { AttentionBoard } from './attention.ts';
import { readAnnounced, writeAnnounced, type AnnouncedProblem } from './problem-news.ts';
import { createTimetable } from '../schedule/timetable.ts';
import { quietUntil } from '../schedule/wall-time.ts';

/** Called with problems to announce, oldest first. */
export type ProblemListener = (problems: readonly AttentionItem[]) => void;

/**
 * Has each problem that needs a person announced once: again only when its words change, or when it was solved and came back. What waits while
 * the settings say no, in quiet hours or while nobody listens is announced afterwards, if it is still there.
 */
export interface ProblemWatch {
  /** Reads what was announced before the last restart; nothing is announced before that. */
  load(): Promise<void>;
  /** Looks again: the board, the settings or the time have changed. */
  check(): void;
  /** A source has reported everything that is wrong with it now. */
  reported(source: string, ids: ReadonlySet<string>): void;
  subscribe(listener: ProblemListener): () => void;
  stop(): Promise<void>;
}

export interface ProblemWatchParts {
  readonly files: Files;
  /** `state/notified-problems.json`, absolute; regenerable. */
  readonly path: string;
  readonly board: Pick<AttentionBoard, 'items' | 'sourceOf'>;
  readonly settings: () => Settings['notifications'];
  readonly timeZone: () => string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
}

/** @returns a watch that announces nothing before `load` */
export function createProblemWatch(parts: ProblemWatchParts): ProblemWatch {
  const { clock, board } = parts;
  const listeners = new Set<ProblemListener>();
  const table = createTimetable<'check'>(clock, () => check());
  let announced: Map<string, AnnouncedProblem> | null = null;
  /** What was reported before `load`. */
  const early = new Map<string, ReadonlySet<string>>();
  let writing: Promise<void> = Promise.resolve();

  function save(): void {
    if (announced === null) return;
    const now = new Map(announced);
    writing = writing.then(() => writeAnnounced(parts.files, parts.path, now));
  }

  function isQuiet(quietHours: string): boolean {
    const until = quietUntil(clock.now(), quietHours, parts.timeZone());
    table.set('check', until);
    return until !== null;
  }

  function check(): void {
    const { problems, quietHours } = parts.settings();
    if (announced === null || listeners.size === 0 || !problems || isQuiet(quietHours)) return;
    const known = announced;
    const fresh = board.items.filter(({ id, error }) => known.get(id)?.message !== error.message);
    if (fresh.length === 0) return;
    for (const { id, error } of fresh) {
      // The newest last: the oldest are forgotten first.
      known.delete(id);
      known.set(id, { source: board.sourceOf(id) ?? '', message: error.message });
    }
    save();
    for (const listener of listeners) tell(listener, fresh);
  }

  function tell(listener: ProblemListener, fresh: readonly AttentionItem[]): void {
    try {
      listener(fresh);
    } catch (thrown) {
      parts.logger.error('a listener for problems threw', { thrown: String(thrown) });
    }
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

  return {
    async load() {
      announced = new Map(await readAnnounced(parts.files, parts.path));
      for (const [source, ids] of early) reported(source, ids);
      check();
    },
    check,
    reported,
    subscribe(listener) {
      listeners.add(listener);
      check();
      return () => {
        listeners.delete(listener);
      };
    },
    async stop() {
      await table.stop();
      await writing;
    },
  };
}
