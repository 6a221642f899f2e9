import { Worker } from 'node:worker_threads';
import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { ListPage } from '../../core/ports/object-store.ts';
import type { FolderContext } from './folder-context.ts';
import type { ListRequest } from './folder-list.ts';

/** The store that a thread lists. */
export type ListedStore = Pick<FolderContext, 'root' | 'url'>;

export interface PageRequest {
  readonly id: number;
  readonly request: ListRequest;
}

export type PageReply =
  | { readonly id: number; readonly page: Result<ListPage, AppError> }
  /** A system error, thrown again where the page was asked for. */
  | { readonly id: number; readonly thrown: { readonly code: string; readonly message: string } };

/** Lists pages in a thread of its own, while the caller looks at the page before. */
export interface ListThread {
  /**
   * @param signal whose end nobody waits beyond
   * @returns null when there is no thread to be had: then the caller lists. Rejects with a system error.
   */
  list(request: ListRequest, signal: AbortSignal): Promise<Result<ListPage, AppError> | null>;
}

/** After so long without a request, in milliseconds, the thread and its memory are given back. */
const IDLE_MS = 5_000;

interface Waiting {
  resolve(page: Result<ListPage, AppError> | null): void;
  reject(error: Error): void;
}

/** The thread starts with the first page, and never keeps the process alive while nobody waits. */
export function createListThread({ root, url }: ListedStore, workerUrl: URL = besideThis()): ListThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let next = 0;
  let idle: NodeJS.Timeout | undefined;
  const rest = (): void => {
    const last = worker;
    worker = null;
    void last?.terminate();
  };
  const done = (asked: Worker, id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) {
      asked.unref();
      idle ??= setTimeout(rest, IDLE_MS).unref();
    }
    return found;
  };
  const gone = (ended: Worker): void => {
    if (worker !== ended) return;
    worker = null;
    for (const asked of waiting.values()) asked.resolve(null);
    waiting.clear();
  };
  const start = (): Worker => {
    const started = new Worker(workerUrl, {
      name: 'list',
      workerData: { root, url } satisfies ListedStore,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
    });
    started.on('message', (reply: PageReply) => {
      const asked = done(started, reply.id);
      if ('page' in reply) asked?.resolve(reply.page);
      else asked?.reject(Object.assign(new Error(reply.thrown.message), { code: reply.thrown.code }));
    });
    started.on('error', () => gone(started));
    started.on('exit', () => gone(started));
    return started;
  };
  return {
    list: (request, signal) =>
      new Promise((resolve, reject) => {
        clearTimeout(idle);
        idle = undefined;
        const asked = (worker ??= start());
        asked.ref();
        const id = next++;
        waiting.set(id, { resolve, reject });
        signal.addEventListener('abort', () => done(asked, id)?.resolve(null), { once: true });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin; the rule means windows
        asked.postMessage({ id, request } satisfies PageRequest);
      }),
  };
}

/** The script is beside this file, in the sources and in the build. */
function besideThis(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./list-worker.ts', import.meta.url)
    : new URL('./list-worker.js', import.meta.url);
}
