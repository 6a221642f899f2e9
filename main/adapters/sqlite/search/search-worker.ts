/** The thread that owns the full text: calls are answered one at a time, except those nobody waits for any more. */
import { parentPort, workerData } from 'node:worker_threads';
import { type WorkerReply, type WorkerRequest, answerCall } from '../worker-link.ts';
import type { SearchCall, SearchCalls, SearchStart } from './search-calls.ts';
import { createSearchEngine } from './search-engine.ts';

if (!parentPort) throw new Error('search-worker is started as a worker thread');
const port = parentPort;
const reply = (message: WorkerReply): void => port.postMessage(message);
const engine = createSearchEngine({
  ...(workerData as SearchStart),
  onRebuilt: (rebuilt) => reply({ rebuilt }),
});
const waiting = new Map<number, AbortController>();

async function answer(request: Extract<WorkerRequest, { name: string }>): Promise<void> {
  const controller = new AbortController();
  waiting.set(request.id, controller);
  const name = request.name as SearchCall;
  const input = request.input as SearchCalls[typeof name]['input'];
  await answerCall(reply, request.id, () => engine.call(name, input, controller.signal));
  waiting.delete(request.id);
}

port.on('message', (request: WorkerRequest) => {
  if ('close' in request) void engine.close().then(() => port.close());
  else if ('cancel' in request) waiting.get(request.cancel)?.abort();
  else void answer(request);
});
