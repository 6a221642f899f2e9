import { logId, type LogId, type MachineUuid } from '../../../../shared/domain/ids.ts';
import { parseLogPath } from '../../../../shared/domain/log-path.ts';
import { below, inFolder } from '../../files/folder-path.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileChanges, Watch, Watcher } from '../../ports/watcher.ts';
import type { AppPaths } from '../app-core.ts';
import { classifyChange, slashed, type ChangeMeaning } from './classify-change.ts';
import { createTimetable } from '../schedule/timetable.ts';

/** What follows a change, a second after the first of a burst, or is due at a time: workspaces lie outside the folder. */
type Follow = Exclude<ChangeMeaning, 'nothing'> | 'workspaces';

export interface DataFolderWatchParts {
  readonly paths: AppPaths;
  readonly watcher: Watcher;
  readonly clock: Clock;
  /** At once, without waiting for the burst to end. */
  readonly onLogs: () => void;
  readonly follow: Readonly<Record<Follow, (logs: readonly LogId[]) => Promise<void>>>;
  /** This machine, for the ids of its logs; null while it is not known. */
  readonly self: () => MachineUuid | null;
}

/** Watches the data folder: for logs of agents, and for what the command line changes beside the app. */
export interface DataFolderWatch {
  start(): Promise<void>;
  /** Asks for a follow-up at a time, as if a file had changed then. */
  at(follow: Follow, time: number): void;
  stop(): Promise<void>;
}

const SETTLE_MS = 1_000;
const EVERYTHING: readonly Exclude<ChangeMeaning, 'nothing'>[] = [
  'logs',
  'settings',
  'identity',
  'hooks',
  'index',
  'notes',
  'journal',
];

/** @returns a watch that begins with `start` */
export function createDataFolderWatch(parts: DataFolderWatchParts): DataFolderWatch {
  const { paths, clock } = parts;
  const changed = new Set<LogId>();
  let unnamed = false;
  let watch: Watch | null = null;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const table = createTimetable<Follow>(clock, (follow) => {
    running = running.then(() => run(follow));
  });

  async function run(follow: Follow): Promise<void> {
    if (stopped) return;
    const logs = follow === 'logs' && !unnamed ? [...changed] : [];
    if (follow === 'logs') {
      changed.clear();
      unnamed = false;
    }
    await parts.follow[follow](logs);
  }

  function soon(follow: Follow): void {
    if (table.due(follow) === null) table.set(follow, clock.now() + SETTLE_MS);
  }

  function noteLog(path: string): void {
    const inner = below(slashed(paths.sessionLogs), path);
    const [self, log] = [parts.self(), parseLogPath(inner ?? '')];
    if (self === null || !log.ok) unnamed = true;
    else changed.add(logId(self, log.value));
  }

  function onChange({ paths: files }: FileChanges): void {
    if (stopped) return;
    if (files === null) unnamed = true;
    const meanings = new Set<ChangeMeaning>(files === null ? EVERYTHING : []);
    for (const file of files ?? []) {
      const meaning = classifyChange(paths, slashed(file));
      meanings.add(meaning);
      if (meaning === 'logs') noteLog(slashed(file));
    }
    if (meanings.has('logs')) parts.onLogs();
    for (const meaning of meanings) if (meaning !== 'nothing') soon(meaning);
  }

  return {
    async start() {
      const ours = ['migrations', 'backups', 'unsaved', 'context-storage'].map((name) =>
        inFolder(paths.home, name),
      );
      const begun = await parts.watcher.watch({
        folder: paths.home,
        ignore: [paths.cache, paths.store, ...ours],
        onChange,
      });
      if (stopped) await begun.close();
      else watch = begun;
    },
    at: (follow, time) => table.set(follow, time),
    async stop() {
      stopped = true;
      await Promise.all([table.stop(), watch?.close()]);
      await running;
    },
  };
}
