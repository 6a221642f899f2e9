/** The worker that scans large logs for secrets. */
import { parentPort } from 'node:worker_threads';
import { scanBytes } from './scan-bytes.ts';
import type { ScanReply, ScanRequest } from './secret-scanner.ts';
import { withTokens } from './with-tokens.ts';

if (!parentPort) throw new Error('secrets-worker is started as a worker thread');
const port = parentPort;

port.on('message', ({ id, bytes, isPiece }: ScanRequest) => {
  void withTokens((countTokens) => scanBytes(bytes, countTokens, isPiece)).then((found) =>
    port.postMessage({ id, found } satisfies ScanReply),
  );
});
