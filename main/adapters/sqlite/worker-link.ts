import { Worker } from 'node:worker_threads';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, type Result } from '../../../shared/result.ts';
import type { IndexCaller, WorkerReply, WorkerRequest, WorkerStart } from './index-calls.ts';
import type { IndexRebuilt } from './index-file.ts';

export interface WorkerLinkOptions extends WorkerStart {
  readonly workerUrl: URL;
  readonly onRebuilt: (event: IndexRebuilt) => void;
}

interface Pending {
  resolve(result: Result<unknown, AppError>): void;
  reject(bug: Error): void;
}

/** One started worker with the calls that wait for it. */
interface Running {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  readonly ended: Promise<void>;
}

/**
 * The way to the index in a worker. The worker starts at the first call and holds the process open only while it works for a call. If
 * it dies, its calls fail and the next one starts another; a transaction that was open then is rolled back by SQLite.
 */
export function createWorkerLink(options: WorkerLinkOptions): IndexCaller {
  let running: Running | null = null;
  let next = 0;
  const forget = (one: Running): void => {
    if (running === one) running = null;
  };
  return {
    call: (name, input) =>
      new Promise((resolve, reject) => {
        running ??= start(options, forget);
        const { worker, pending } = running;
        const id = next++;
        if (pending.size === 0) worker.ref();
        pending.set(id, { resolve: resolve as Pending['resolve'], reject });
        post(worker, { id, name, input });
      }),
    close: async () => {
      const last = running;
      running = null;
      if (!last) return;
      last.worker.ref();
      post(last.worker, { close: true });
      await last.ended;
    },
  };
}

function start(options: WorkerLinkOptions, forget: (one: Running) => void): Running {
  const { workerUrl, file, own, busyMs, stays, onRebuilt } = options;
  const pending = new Map<number, Pending>();
  const worker = new Worker(workerUrl, {
    workerData: { file, own, busyMs, stays } satisfies WorkerStart,
    name: 'session-log-index',
    // What the process was started with (`--eval`, a loader) is not meant for this script.
    execArgv: [],
    // Most of what passes through is text that is garbage a moment later: a small nursery keeps it from piling up.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1_024 },
  });
  worker.unref();
  let reason = 'it ended';
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      forget(running);
      for (const call of pending.values()) call.resolve(err(died(reason)));
      pending.clear();
      resolve();
    });
  });
  const running: Running = { worker, pending, ended };
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error);
    forget(running);
  });
  worker.on('message', (reply: WorkerReply) => {
    if ('rebuilt' in reply) {
      onRebuilt(reply.rebuilt);
      return;
    }
    const call = pending.get(reply.id);
    pending.delete(reply.id);
    if (pending.size === 0) worker.unref();
    if ('thrown' in reply) call?.reject(new Error(`The index failed: ${reply.thrown}`));
    else call?.resolve(reply.result);
  });
  return running;
}

function post(worker: Worker, request: WorkerRequest): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin; the rule means windows
  worker.postMessage(request);
}

function died(reason: string): AppError {
  return appError(
    'io',
    `The local index stopped working (${reason}).`,
    'Run it again; if it happens again, delete the index in the data folder (`state/`): it is made anew.',
    { transient: true },
  );
}
