import { Worker } from 'node:worker_threads';
import type { Result } from '../../../shared/result.ts';
import type { AgeFailure, Opened } from '../../core/ports/age.ts';

/** What is asked of the thread. */
export type AgeRequest = { readonly id: number } & (
  | { readonly plain: Uint8Array; readonly to: readonly string[]; readonly label: Uint8Array | null }
  | { readonly sealed: Uint8Array; readonly secrets: readonly string[] }
);

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** What it answers. */
export type AgeReply = { readonly id: number } & (
  | { readonly sealed: Uint8Array }
  | { readonly opened: Result<Opened, AgeFailure> }
  | { readonly thrown: string }
);

interface Waiting {
  readonly resolve: (reply: AgeReply) => void;
  readonly reject: (bug: Error) => void;
}

/** A thread that seals and opens, so that the one which transfers does not wait for it. */
export interface AgeThread {
  ask(request: WithoutId<AgeRequest>): Promise<AgeReply>;
  close(): Promise<void>;
}

/** Starts it. It holds the process open only while somebody waits for it. */
export function startAgeThread(script: URL): AgeThread {
  const waiting = new Map<number, Waiting>();
  const worker = new Worker(script, {
    name: 'session-log-age',
    execArgv: [],
    // What passes through is garbage a moment later: a small nursery keeps it from piling up.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
  });
  let next = 0;
  let dead: Error | null = null;
  const end = (why: Error): void => {
    dead ??= why;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  worker.unref();
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => end(new Error('the thread that seals ended')));
  worker.on('message', (reply: AgeReply) => {
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if ('thrown' in reply) one?.reject(new Error(reply.thrown));
    else one?.resolve(reply);
  });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (dead !== null) return reject(dead);
        const id = next++;
        if (waiting.size === 0) worker.ref();
        waiting.set(id, { resolve, reject });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin; the rule means windows
        worker.postMessage({ id, ...request });
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
