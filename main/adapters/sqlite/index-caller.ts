import type { IndexCall, IndexCaller, IndexCalls, WorkerStart } from './index-calls.ts';
import type { IndexRebuilt } from './index-file.ts';
import type { PackedShard } from './put-shard.ts';
import type { SqliteLogIndexOptions } from './sqlite-log-index.ts';
import { createWorkerLink } from './worker-link.ts';

/** Entries from which a worker pays off: writing them takes longer than starting a thread. */
const MANY = 4_000;
/** This many new machines mean that a team is joining: the worker starts while the first of them is still being fetched. */
const MANY_MACHINES = 8;

/** Calls the index on the thread given by the options. Nothing is loaded or started before the first call. */
export function createIndexCaller(options: SqliteLogIndexOptions): IndexCaller {
  if (options.thread !== 'caller') return workerCaller(options, true);
  return movingCaller(ownCaller(options), options.own, () => {
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
    workerUrl: options.workerUrl ?? besideThis(),
    name: 'session-log-index',
    data: { file, own, busyMs, stays } satisfies WorkerStart,
    what: 'the local index',
    onRebuilt,
  });
}

/** The index on the calling thread. */
function ownCaller(options: SqliteLogIndexOptions): IndexCaller {
  let engine: Promise<IndexCaller> | null = null;
  return {
    call: async (name, input) => {
      // Loaded on the first call, because the native library takes a quarter of a short command's start-up.
      engine ??= import('./index-engine.ts').then(({ createIndexEngine }) =>
        createIndexEngine(parts(options)),
      );
      return (await engine).call(name, input);
    },
    close: async () => {
      const last = engine;
      engine = null;
      await (await last)?.close();
    },
  };
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

/** From the sources the worker is TypeScript, which Node runs as is; a build puts `sqlite-worker.js` beside the bundle. */
function besideThis(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './sqlite-worker.ts' : './sqlite-worker.js',
    import.meta.url,
  );
}
