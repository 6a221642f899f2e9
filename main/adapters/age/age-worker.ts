/** The thread that seals and opens. */
import { parentPort } from 'node:worker_threads';
import { open, seal } from './age-engine.ts';
import type { AgeReply, AgeRequest } from './age-thread.ts';

if (!parentPort) throw new Error('age-worker is started as a worker thread');
const port = parentPort;

async function answer(request: AgeRequest): Promise<AgeReply> {
  const { id } = request;
  try {
    if ('plain' in request)
      return { id, sealed: await seal(request.plain, request.to, request.label ?? undefined) };
    return { id, opened: await open(request.sealed, request.secrets) };
  } catch (error) {
    return { id, thrown: error instanceof Error ? error.message : String(error) };
  }
}

port.on('message', (request: AgeRequest) => {
  void answer(request).then((reply) => port.postMessage(reply));
});
