import { Worker } from 'node:worker_threads';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, type Result } from '../../../shared/result.ts';
import type { IndexRebuilt } from './index-file.ts';

/** A database engine's calls, by name. Everything in it can be cloned between threads. */
export type CallTable<T> = { readonly [C in keyof T]: { readonly input: unknown; readonly output: unknown } };

/** Executes calls: the engine itself, or its proxy for a worker. */
export interface Caller<T extends CallTable<T>> {
  call<C extends keyof T & string>(
    name: C,
    input: T[C]['input'],
    signal?: AbortSignal,
  ): Answer<T[C]['output']>;
  close(): Promise<void>;
}

export type WorkerRequest =
  | { readonly id: number; readonly name: string; readonly input: unknown }
  /** Nobody waits for that call any more. */
  | { readonly cancel: number }
  | { readonly close: true };

export type WorkerReply =
  | { readonly id: number; readonly result: Result<unknown, AppError> }
  /** A bug, rethrown where the call was made. */
  | { readonly id: number; readonly thrown: string }
  | { readonly rebuilt: IndexRebuilt };

export interface WorkerLinkOptions {
  readonly workerUrl: URL;
  /** Of the thread, as shown by debuggers. */
  readonly name: string;
  /** The thread's start-up data. */
  readonly data: unknown;
  /** What it works on, for the message about a crash: "the local index". */
  readonly what: string;
  readonly onRebuilt: (event: IndexRebuilt) => void;
}

interface Pending {
  resolve(result: Result<unknown, AppError>): void;
  reject(bug: Error): void;
}

/** A started worker with its pending calls. */
interface Running {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  readonly ended: Promise<void>;
}

/**
 * The proxy for an engine in a worker. The worker starts on the first call and keeps the process alive only while it works for a call.
 * If it dies, its calls fail and the next one starts another; SQLite rolls back any open transaction.
 */
export function createWorkerLink<T extends CallTable<T>>(options: WorkerLinkOptions): Caller<T> {
  let running: Running | null = null;
  let next = 0;
  const forget = (one: Running): void => {
    if (running === one) running = null;
  };
  return {
    call: (name, input, signal) =>
      new Promise((resolve, reject) => {
        running ??= start(options, forget);
        const { worker, pending } = running;
        const id = next++;
        if (pending.size === 0) worker.ref();
        const cancel = (): void => post(worker, { cancel: id });
        signal?.addEventListener('abort', cancel, { once: true });
        const done = (): void => signal?.removeEventListener('abort', cancel);
        pending.set(id, {
          resolve: (result) => {
            done();
            (resolve as Pending['resolve'])(result);
          },
          reject: (bug) => {
            done();
            reject(bug);
          },
        });
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

/** An engine on the calling thread, loaded on the first call: the native library takes a quarter of a short command's start-up. */
export function createOwnCaller<T extends CallTable<T>>(load: () => Promise<Caller<T>>): Caller<T> {
  let engine: Promise<Caller<T>> | null = null;
  return {
    call: async (name, input, signal) => {
      engine ??= load();
      return (await engine).call(name, input, signal);
    },
    close: async () => {
      const last = engine;
      engine = null;
      await (await last)?.close();
    },
  };
}

/**
 * A worker's script. From the sources it is TypeScript, which Node runs as is; a build puts `<name>.js` beside the bundle.
 * @param module the URL of the module beside which it is
 */
export function workerScript(module: string, name: string): URL {
  return new URL(`./${name}.${module.endsWith('.ts') ? 'ts' : 'js'}`, module);
}

/** Answers one call of a worker; what it throws is a bug, which is rethrown where the call was made. */
export async function answerCall(
  reply: (message: WorkerReply) => void,
  id: number,
  run: () => Answer<unknown>,
): Promise<void> {
  try {
    reply({ id, result: await run() });
  } catch (error) {
    reply({ id, thrown: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function start(options: WorkerLinkOptions, forget: (one: Running) => void): Running {
  const { workerUrl, name, data, what, onRebuilt } = options;
  const pending = new Map<number, Pending>();
  const worker = new Worker(workerUrl, {
    workerData: data,
    name,
    // The process's own options (`--eval`, a loader) are not meant for this script.
    execArgv: [],
    // Most of the text passing through is garbage a moment later: a small nursery keeps it from piling up.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1_024 },
  });
  worker.unref();
  let reason = 'it ended';
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      forget(running);
      for (const call of pending.values()) call.resolve(err(died(what, reason)));
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
    if ('thrown' in reply) call?.reject(new Error(`${what} failed: ${reply.thrown}`));
    else call?.resolve(reply.result);
  });
  return running;
}

function post(worker: Worker, request: WorkerRequest): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin; the rule means windows
  worker.postMessage(request);
}

function died(what: string, reason: string): AppError {
  return appError(
    'io',
    `${what[0]?.toUpperCase()}${what.slice(1)} stopped working (${reason}).`,
    'Run it again. If it happens again, delete its database in the data folder (`state/`): it will be rebuilt.',
    { transient: true },
  );
}
