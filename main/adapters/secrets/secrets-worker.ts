/** The thread that looks for secrets in large logs. */
import { parentPort } from 'node:worker_threads';
import { scanLazily } from './scan-lazily.ts';
import type { ScanReply, ScanRequest } from './secret-scanner.ts';

if (!parentPort) throw new Error('secrets-worker is started as a worker thread');
const port = parentPort;

port.on('message', ({ id, bytes }: ScanRequest) => {
  void scanLazily(bytes).then((found) => port.postMessage({ id, found } satisfies ScanReply));
});
