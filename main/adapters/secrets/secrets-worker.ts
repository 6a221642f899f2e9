/** The thread that looks for secrets in large logs. */
import { parentPort } from 'node:worker_threads';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { scanBytes } from './scan-bytes.ts';
import type { ScanReply, ScanRequest } from './secret-scanner.ts';

if (!parentPort) throw new Error('secrets-worker is started as a worker thread');
const port = parentPort;

port.on('message', ({ id, bytes }: ScanRequest) => {
  const found = scanBytes(bytes, (word) => countTokens(word));
  port.postMessage({ id, found } satisfies ScanReply);
});
