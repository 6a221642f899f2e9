import type { IndexCall, IndexCaller, IndexCalls, WorkerStart } from './index-calls.ts';
import type { IndexRebuilt } from './index-file.ts';
import type { PackedShard } from './put-shard.ts';
import type { SqliteLogIndexOptions } from './sqlite-log-index.ts';
import { createWorkerLink } from './worker-link.ts';

/** Entries after which a worker pays: written, they take longer than a thread to start. */
const MANY = 4_000;
/** So many new machines are a team that comes in: the worker starts while the first of them is still fetched. */
const MANY_MACHINES = 8;

/** The way to the index on the thread that the options name. Nothing is loaded or started before the first call. */
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
      // Loaded at the first call, because the native library is a quarter of a short command's start.
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
 * Starts on one caller and goes on with another when much is brought in: then one core writes while the other fetches and checks what
 * comes next. Both have the file open as two processes could have; the first is left in peace, because a call of it may still be running.
 * @param own this machine: its logs lie on the disk, so nothing is fetched meanwhile, and a thread would only take memory
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
      // It starts with its first call; should that fail, the next one will tell.
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

/** From the sources the worker is TypeScript, which Node runs as it is; a build puts `sqlite-worker.js` beside the bundle. */
function besideThis(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './sqlite-worker.ts' : './sqlite-worker.js',
    import.meta.url,
  );
}
