import { logId, type LogId } from '../../../../shared/domain/ids.ts';
import { parseLogPath } from '../../../../shared/domain/log-path.ts';
import { below, inFolder } from '../../files/folder-path.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileChanges, Watch, Watcher } from '../../ports/watcher.ts';
import type { DataPaths } from '../../files/data-paths.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import { classifyChange, slashed, type ChangeMeaning } from './classify-change.ts';
import { createTimetable } from '../schedule/timetable.ts';

/** Reported a second after the first change of a burst; logs sooner. */
type Told = Exclude<ChangeMeaning, 'nothing'>;

export interface DataFolderWatchParts {
  readonly paths: DataPaths;
  readonly watcher: Watcher;
  readonly clock: Clock;
  /** This machine, for its logs' ids. */
  readonly present: PresentCore;
  readonly bus: Bus;
}

/** Watches the data folder for agents' logs and the command line's changes. */
export interface DataFolderWatch {
  start(): Promise<void>;
  /** Reports in a second, as if a file changed now. */
  soon(told: Told): void;
  stop(): Promise<void>;
}

const SETTLE_MS = 1_000;
/** Somebody may search for a log just saved. During a burst, later changes are reported a second later. */
const LOG_SETTLE_MS = 150;
const EVERYTHING: readonly Told[] = [
  'logs.changed',
  'settings.touched',
  'identity.touched',
  'queue.touched',
  'index.touched',
  'inbox.touched',
  'journal.touched',
];

/** @returns a watch that starts with `start` */
export function createDataFolderWatch(parts: DataFolderWatchParts): DataFolderWatch {
  const { paths, clock, present, bus } = parts;
  const changed = new Set<LogId>();
  let unnamed = false;
  let watch: Watch | null = null;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const end = new AbortController();
  let [logsAreDue, logsToldAt] = [false, 0];
  const table = createTimetable<Told>(clock, (told) => {
    running = running.then(() => tell(told));
  });

  async function tell(told: Told): Promise<void> {
    if (stopped) return;
    if (told !== 'logs.changed') return bus.emit(told, null);
    const ids = unnamed ? null : [...changed];
    changed.clear();
    unnamed = false;
    await bus.emit('logs.changed', { ids });
  }

  async function tellLogsSoon(): Promise<void> {
    if (logsAreDue) return;
    logsAreDue = true;
    const slept = await clock.sleep(
      Math.max(LOG_SETTLE_MS, logsToldAt + SETTLE_MS - clock.now()),
      end.signal,
    );
    logsAreDue = false;
    if (!slept) return;
    logsToldAt = clock.now();
    running = running.then(() => tell('logs.changed'));
  }

  function soon(told: Told): void {
    if (told === 'logs.changed') void tellLogsSoon();
    else if (table.due(told) === null) table.set(told, clock.now() + SETTLE_MS);
  }

  function addLog(path: string): void {
    const inner = below(slashed(paths.sessionLogs), path);
    const log = parseLogPath(inner ?? '');
    if (!present.now.ok || !log.ok) unnamed = true;
    else changed.add(logId(present.now.value.sync.self.uuid, log.value));
  }

  function onChange({ paths: files }: FileChanges): void {
    if (stopped) return;
    if (files === null) unnamed = true;
    const meanings = new Set<ChangeMeaning>(files === null ? EVERYTHING : []);
    for (const file of files ?? []) {
      const meaning = classifyChange(paths, slashed(file));
      meanings.add(meaning);
      if (meaning === 'logs.changed') addLog(slashed(file));
    }
    // At once, before the burst ends.
    if (meanings.has('logs.changed')) void bus.emit('logs.touched', null);
    for (const meaning of meanings) if (meaning !== 'nothing') soon(meaning);
  }

  return {
    async start() {
      const ours = ['migrations', 'backups', 'unsaved', 'context-storage'].map((name) =>
        inFolder(paths.home, name),
      );
      const begun = await parts.watcher.watch({
        folder: paths.home,
        ignore: [paths.cache, paths.store, paths.transcripts, ...ours],
        onChange,
      });
      if (stopped) await begun.close();
      else watch = begun;
    },
    soon,
    async stop() {
      stopped = true;
      end.abort();
      await Promise.all([table.stop(), watch?.close()]);
      await running;
    },
  };
}
