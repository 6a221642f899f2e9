/**
 * The thread that owns the database. Calls are answered in order, except for an export, which runs between them. When idle for a
 * while it indexes the words of new rows.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { IndexCall, IndexCalls, WorkerStart } from './index-calls.ts';
import { createIndexEngine } from './index-engine.ts';
import { type WorkerReply, type WorkerRequest, answerCall } from './worker-link.ts';

/** Long enough not to slow down filling the index, short enough that a first search finds little left to do. */
const QUIET_MS = 300;

if (!parentPort) throw new Error('sqlite-worker is started as a worker thread');
const port = parentPort;
const reply = (message: WorkerReply): void => port.postMessage(message);
const start = workerData as WorkerStart;
const engine = createIndexEngine({
  ...start,
  onRebuilt: (rebuilt) => reply({ rebuilt }),
});

let running = 0;
let quiet: NodeJS.Timeout | null = null;
let due: NodeJS.Immediate | null = null;

function work(): void {
  due = engine.idle() ? setImmediate(work) : null;
}

function stopIdling(): void {
  if (quiet) clearTimeout(quiet);
  if (due) clearImmediate(due);
  [quiet, due] = [null, null];
}

async function answer(request: Extract<WorkerRequest, { id: number }>): Promise<void> {
  // Not while a call runs, either: an export yields to other calls all the time, but nobody waits for this work.
  stopIdling();
  running++;
  const name = request.name as IndexCall;
  const input = request.input as IndexCalls[typeof name]['input'];
  await answerCall(reply, request.id, () => engine.call(name, input));
  running--;
  if (running === 0 && start.stays) quiet = setTimeout(work, QUIET_MS);
}

port.on('message', (request: WorkerRequest) => {
  if ('close' in request) {
    stopIdling();
    // Without listeners and timers the thread ends by itself, with the database closed.
    void engine.close().then(() => port.close());
    return;
  }
  // A lookup finishes before anybody could cancel it.
  if ('id' in request) void answer(request);
});
