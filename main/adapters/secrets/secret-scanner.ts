import { Worker } from 'node:worker_threads';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Finding } from '../../../shared/secrets/finding.ts';
import type { SecretScanner } from '../../core/ports/secret-scanner.ts';
import { scanBytes } from './scan-bytes.ts';
import { withTokens } from './with-tokens.ts';

export interface ScanRequest {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly isPiece: boolean;
}

export interface ScanReply {
  readonly id: number;
  readonly found: readonly Finding[];
}

export interface ScannerOptions {
  /** The worker's script; this build's own unless a test replaces it. */
  readonly workerUrl?: URL;
  /** Total bytes scanned inline; the rest goes to the worker. */
  readonly inlineBytes?: number;
  /** Milliseconds for one log from its turn, plus as many per further MiB, and twice as many while the thread starts. */
  readonly limitMs?: number;
}

/** A few milliseconds of work: a worker would take longer to start. A push of many logs needs one, so that its requests are not held up. */
const INLINE = 256 * 1024;
const LIMIT_MS = 20_000;
/** After so long without a log, in milliseconds, the thread and its 20 MB or more are given back: it starts again in 50. */
const IDLE_MS = 1_000;
const MIB = 1024 * 1024;

interface Waiting {
  /** Milliseconds from its turn. */
  readonly limitMs: number;
  readonly settle: (result: Result<readonly Finding[], AppError>) => void;
}

/** Scans for secrets: small texts inline, large ones in a worker, which is terminated when it takes too long. */
export function createSecretScanner({
  workerUrl = besideThis(),
  inlineBytes = INLINE,
  limitMs = LIMIT_MS,
}: ScannerOptions = {}): SecretScanner {
  let worker: Worker | null = null;
  /** In the order asked, in which the thread takes them. */
  const waiting = new Map<number, Waiting>();
  let [next, here] = [0, inlineBytes];
  let timer: NodeJS.Timeout | undefined;
  /** Time spent waiting for others is not the log's: on a busy machine sixteen at once would take too long. */
  const beginTurn = (): void => {
    clearTimeout(timer);
    const [first] = waiting.values();
    if (first !== undefined) timer = setTimeout(() => end(tooLong()), first.limitMs);
    else if (worker !== null) timer = setTimeout(() => void rest(), IDLE_MS).unref();
  };
  const rest = async (): Promise<void> => {
    const last = worker;
    worker = null;
    await last?.terminate();
  };
  const end = (problem: AppError): void => {
    const last = worker;
    worker = null;
    for (const { settle } of waiting.values()) settle(err(problem));
    waiting.clear();
    void last?.terminate();
  };
  const start = (): Worker => {
    const started = new Worker(workerUrl, {
      name: 'secrets',
      execArgv: [],
      // The text passing through is garbage a moment later: a small nursery keeps it from piling up.
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
    });
    started.unref();
    started.on('message', ({ id, found }: ScanReply) => waiting.get(id)?.settle(ok(found)));
    started.on('error', () => {
      if (worker === started) end(stopped());
    });
    started.on('exit', () => {
      if (worker === started) end(stopped());
    });
    return started;
  };
  const inThread = (
    { bytes, isPiece }: Omit<ScanRequest, 'id'>,
    signal?: AbortSignal,
  ): Answer<readonly Finding[]> =>
    new Promise((resolve) => {
      const startMs = worker === null ? 2 * limitMs : 0;
      worker ??= start();
      const asked = worker;
      asked.ref();
      const id = next++;
      const cancel = (): void => waiting.get(id)?.settle(err(cancelled()));
      signal?.addEventListener('abort', cancel, { once: true });
      waiting.set(id, {
        limitMs: startMs + limitMs * (1 + bytes.length / MIB),
        settle: (result) => {
          const [current] = waiting.keys();
          waiting.delete(id);
          if (current === id) beginTurn();
          signal?.removeEventListener('abort', cancel);
          if (waiting.size === 0) asked.unref();
          resolve(result);
        },
      });
      if (waiting.size === 1) beginTurn();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin; the rule means windows
      asked.postMessage({ id, bytes, isPiece } satisfies ScanRequest);
    });
  return {
    find: async (bytes, signal, { isPiece = false } = {}) => {
      if (signal?.aborted) return err(cancelled());
      if (bytes.length > here) return inThread({ bytes, isPiece }, signal);
      here -= bytes.length;
      return ok(await withTokens((countTokens) => scanBytes(bytes, countTokens, isPiece)));
    },
    close: rest,
  };
}

/** The script is beside this file, in the sources and in the build. */
function besideThis(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./secrets-worker.ts', import.meta.url)
    : new URL('./secrets-worker.js', import.meta.url);
}

const AGAIN = 'Run it again; if it stays so, run `session-log doctor`.';

function tooLong(): AppError {
  return appError('timeout', 'Looking for secrets took too long and was stopped.', AGAIN);
}

function stopped(): AppError {
  return appError('io', 'The search for secrets stopped working.', AGAIN, { transient: true });
}

function cancelled(): AppError {
  return appError('cancelled', 'The search for secrets was stopped.', 'Run it again.');
}
