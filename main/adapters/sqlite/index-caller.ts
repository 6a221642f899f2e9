import type { IndexCall, IndexCaller, IndexCalls, WorkerStart } from './index-calls.ts';
import type { IndexRebuilt } from './index-file.ts';
import type { PackedShard } from './put-shard.ts';
import type { SqliteLogIndexOptions } from './sqlite-log-index.ts';
import { createOwnCaller, createWorkerLink, workerScript } from './worker-link.ts';

/** Entries from which a worker pays off: writing them takes longer than starting a thread. */
const MANY = 4_000;
/** This many new machines mean that a team is joining: the worker starts while the first of them is still being fetched. */
const MANY_MACHINES = 8;

/** Calls the index on the thread given by the options. Nothing is loaded or started before the first call. */
export function createIndexCaller(options: SqliteLogIndexOptions): IndexCaller {
  if (options.thread !== 'caller') return workerCaller(options, true);
  const first = createOwnCaller<IndexCalls>(async () => {
    const { createIndexEngine } = await import('./index-engine.ts');
    return createIndexEngine(parts(options));
  });
  return movingCaller(first, options.own, () => {
    options.onMany?.();
    return workerCaller(options, false);
  });
}

function parts({ file, own, busyMs, onRebuilt }: SqliteLogIndexOptions): {
  file: string;
  own: SqliteLogIndexOptions['own'];
  busyMs: number | undefined;
  onRebuilt: (event: IndexRebuilt) => void;
} {
  return { file, own, busyMs, onRebuilt: onRebuilt ?? ((): void => undefined) };
}

function workerCaller(options: SqliteLogIndexOptions, stays: boolean): IndexCaller {
  const { file, own, busyMs, onRebuilt } = parts(options);
  return createWorkerLink<IndexCalls>({
    workerUrl: options.workerUrl ?? workerScript(import.meta.url, 'sqlite-worker'),
    name: 'session-log-index',
    data: { file, own, busyMs, stays } satisfies WorkerStart,
    what: 'the local index',
    onRebuilt,
  });
}

/**
 * Starts on one caller and switches to another for bulk imports: one core then writes while the other fetches and verifies what comes
 * next. Both have the file open as two processes could; the first is left open, because one of its calls may still be running.
 * @param own this machine: its logs are on disk, so nothing is fetched meanwhile, and a thread would only cost memory
 */
function movingCaller(
  first: IndexCaller,
  own: SqliteLogIndexOptions['own'],
  makeSecond: () => IndexCaller,
): IndexCaller {
  let second: IndexCaller | null = null;
  let entries = 0;
  return {
    expectMachines: (count) => {
      if (second !== null || count < MANY_MACHINES) return;
      second = makeSecond();
      // It starts with its first call; if that fails, the next one reports it.
      void second.call('version', null).catch(() => undefined);
    },
    call: <C extends IndexCall>(name: C, input: IndexCalls[C]['input']) => {
      if (second === null && name === 'putShard' && (input as PackedShard).content.machine !== own) {
        entries += entriesOf(input as PackedShard);
        if (entries > MANY) second = makeSecond();
      }
      return (second ?? first).call(name, input);
    },
    close: async () => {
      const last = second;
      [second, entries] = [null, 0];
      await last?.close();
      await first.close();
    },
  };
}

function entriesOf({ head, newSegments }: PackedShard): number {
  return newSegments.reduce((sum, { entries }) => sum + entries.paths.length, head.paths.length);
}
