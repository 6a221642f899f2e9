import { appError, type AppError } from '../../shared/app-error.ts';
import { crc32c, crc32cToBase64 } from '../../shared/domain/checksum.ts';
import { compareObjectNames, objectNameProblem } from '../../shared/domain/object-name.ts';
import {
  bodyDamaged,
  callCancelled,
  callTimedOut,
  generationGone,
  nameRefused,
  objectTooLarge,
  preconditionFailed,
  putProblem,
  sourceChanged,
} from '../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { ByteSourceChanged, type ByteSource } from '../core/ports/byte-source.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { GetOptions, ObjectDownload, ObjectStore, PutOptions } from '../core/ports/object-store.ts';
import type { MemoryBucket, MemoryObject } from './memory-bucket.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { StoreFault, StoreFaults, StoreOperation } from './store-faults.ts';

export interface MemoryObjectStoreOptions {
  readonly bucket: MemoryBucket;
  readonly clock: Clock;
  /** Draws latencies; two stores of one simulation have one each. */
  readonly random: SeededRandom;
  readonly faults?: StoreFaults;
  /** Milliseconds from and to which a call takes; [0, 0] unless given. */
  readonly latencyMs?: readonly [number, number];
  /** How long a stalled call is waited for. Default 60 s. */
  readonly deadlineMs?: number;
  /** Bytes of one chunk of a download. Default 64 KiB. */
  readonly chunk?: number;
  readonly url?: string;
  readonly sameDisk?: boolean;
}

type Fact = { readonly signal?: AbortSignal | undefined };
/** What a call does once the weather lets it: `damage` inverts or cuts a body as the fault says. */
type Work<T> = (fault: StoreFault | null) => Promise<Result<T, AppError>> | Result<T, AppError>;

const LARGEST_PAGE = 1000;

/**
 * One machine's view of a bucket in memory: the whole port, with latency and faults from a seed. A product of its own, held to
 * the contract suite; simulations and the tests of the sync engine run on it.
 */
export function createMemoryObjectStore(options: MemoryObjectStoreOptions): ObjectStore {
  const { bucket, clock, random } = options;
  const url = options.url ?? 'memory://bucket';
  const deadlineMs = options.deadlineMs ?? 60_000;
  const [fastest, slowest] = options.latencyMs ?? [0, 0];
  let calls = 0;

  async function call<T>(
    operation: StoreOperation,
    name: string,
    { signal }: Fact,
    work: Work<T>,
  ): Promise<Result<T, AppError>> {
    if (signal?.aborted === true) return err(callCancelled(url));
    calls++;
    const fault = options.faults?.({ operation, name, number: calls }) ?? null;
    const latency = fastest + random.fraction() * (slowest - fastest);
    // Always a turn of the event loop, so that calls interleave even when they cost no time.
    if (!(await clock.sleep(latency / 2, signal))) return err(callCancelled(url));
    const early = fault !== null && 'when' in fault && fault.when === 'before';
    if (early) return await fail(operation, fault, signal);
    const result = await work(fault);
    // A reply on its way can no longer be called back: what is done is done, but the caller may have gone.
    if (!(await clock.sleep(latency / 2, signal))) return err(callCancelled(url));
    if (fault !== null && 'when' in fault) return await fail(operation, fault, signal);
    return result;
  }

  async function fail(
    operation: StoreOperation,
    fault: StoreFault,
    signal?: AbortSignal,
  ): Promise<Result<never, AppError>> {
    if (fault.kind === 'stall') {
      const whole = await clock.sleep(deadlineMs, signal);
      return err(whole ? callTimedOut(url, operation, deadlineMs) : callCancelled(url));
    }
    const code = fault.kind === 'fail' ? fault.code : 'offline';
    return err(
      appError(code, `${url} answered "${operation}" with a planned fault (${code}).`, 'Run it again.'),
    );
  }

  function find(name: string, generation: string | undefined): Result<MemoryObject | null, AppError> {
    bucket.count('read');
    const problem = objectNameProblem(name);
    if (problem !== null) return err(nameRefused(name, problem));
    const object = bucket.objects.get(name) ?? null;
    if (generation !== undefined && object?.info.generation !== generation)
      return err(generationGone(url, name, generation));
    return ok(object);
  }

  async function write(name: string, body: ByteSource, put: PutOptions, fault: StoreFault | null) {
    bucket.count('write');
    const read = await readSource(url, name, body, put);
    if (!read.ok) return read;
    if (fault?.kind === 'cut') return err(connectionCut(url, name));
    if (fault?.kind === 'flip' && read.value.length > 0) return err(bodyDamaged(url, name, 'write'));
    return settle(name, put.ifGenerationMatch, {
      bytes: read.value,
      crc32c: crc32cToBase64(body.crc32c),
      contentType: put.contentType,
      metadata: put.metadata ?? {},
    });
  }

  function settle(name: string, expect: string, object: Parameters<MemoryBucket['write']>[2]) {
    const outcome = bucket.write(name, expect, object);
    if (outcome.kind === 'written') return ok(outcome.info);
    if (outcome.kind === 'throttled')
      return err(appError('throttled', `${url} takes one write of ${name} a second.`, 'Run it again.'));
    const { live } = outcome;
    const ours = live !== null && live.crc32c === object.crc32c && live.size === object.bytes.length;
    return ours ? ok(live) : err(preconditionFailed(url, name, expect, live));
  }

  return {
    url,
    sameDisk: options.sameDisk ?? false,
    list: (prefix, list = {}) =>
      call('list', prefix, list, () => {
        bucket.count('list');
        const after = list.pageToken;
        const size = Math.min(list.pageSize ?? LARGEST_PAGE, LARGEST_PAGE);
        const names = bucket
          .names(prefix)
          .filter((name) => after === undefined || compareObjectNames(name, after) > 0);
        const objects = names.slice(0, size).flatMap((name) => bucket.objects.get(name)?.info ?? []);
        const last = objects.at(-1)?.name;
        return ok(names.length > size && last !== undefined ? { objects, nextPageToken: last } : { objects });
      }),
    head: (name, head = {}) =>
      call('head', name, head, () => {
        const found = find(name, undefined);
        return found.ok ? ok(found.value?.info ?? null) : found;
      }),
    get: (name, get = {}) =>
      call('get', name, get, (fault) => {
        const found = find(name, get.generation);
        if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
        const { info } = found.value;
        if (get.limit !== undefined && info.size > get.limit)
          return err(objectTooLarge(url, name, info.size, get.limit));
        const arrived = damaged(found.value.bytes, fault);
        if (arrived.cut) return err(connectionCut(url, name));
        if (!matches(info, arrived.bytes)) return err(bodyDamaged(url, name, 'read'));
        return ok({ info, bytes: arrived.bytes });
      }),
    getStream: (name, get = {}) =>
      call('getStream', name, get, (fault) => {
        const found = find(name, get.generation);
        if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
        return ok(download(url, found.value, get, fault, clock, options.chunk ?? 64 * 1024));
      }),
    put: async (name, body, put) => {
      const problem = putProblem(name, put);
      return problem ? err(problem) : await call('put', name, put, (fault) => write(name, body, put, fault));
    },
    copy: async (from, to, copy) => {
      const problem = putProblem(to, copy);
      if (problem) return err(problem);
      return await call('copy', to, copy, () => {
        const source = find(from.name, from.generation);
        if (!source.ok) return source;
        if (source.value === null) return err(generationGone(url, from.name, from.generation));
        const { info, bytes, contentType } = source.value;
        bucket.count('write');
        return settle(to, copy.ifGenerationMatch, {
          bytes,
          contentType,
          crc32c: info.crc32c,
          metadata: info.metadata,
        });
      });
    },
    probe: (probe = {}) =>
      call('probe', '', probe, () =>
        ok({ url, writable: true, account: null, latencyMs: (fastest + slowest) / 2 }),
      ),
    close: async () => {},
  };
}

function damaged(
  bytes: Uint8Array,
  fault: StoreFault | null,
): { readonly bytes: Uint8Array; readonly cut: boolean } {
  const copy = bytes.slice();
  if (fault?.kind === 'cut')
    return { bytes: copy.subarray(0, Math.floor(copy.length * fault.at)), cut: true };
  if (fault?.kind === 'flip' && copy.length > 0) {
    const at = Math.floor(copy.length * fault.at);
    copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
  }
  return { bytes: copy, cut: false };
}

function matches(info: { readonly size: number; readonly crc32c: string }, bytes: Uint8Array): boolean {
  return info.size === bytes.length && info.crc32c === crc32cToBase64(crc32c(bytes));
}

function connectionCut(url: string, name: string): AppError {
  return appError('offline', `The connection to ${url} broke while ${name} was on its way.`, 'Run it again.');
}

/** The whole body, as a server that checks it would have it. */
async function readSource(
  url: string,
  name: string,
  body: ByteSource,
  put: PutOptions,
): Promise<Result<Uint8Array, AppError>> {
  const parts: Uint8Array[] = [];
  let [size, sum] = [0, 0];
  try {
    for await (const chunk of body.stream()) {
      if (put.signal?.aborted === true) return err(callCancelled(url));
      parts.push(chunk);
      size += chunk.length;
      sum = crc32c(chunk, sum);
    }
  } catch (thrown) {
    if (thrown instanceof ByteSourceChanged) return err(sourceChanged(name));
    throw thrown;
  }
  if (put.signal?.aborted === true) return err(callCancelled(url));
  if (size !== body.size) return err(sourceChanged(name));
  return sum === body.crc32c
    ? ok(new Uint8Array(Buffer.concat(parts)))
    : err(bodyDamaged(url, name, 'write'));
}

function download(
  url: string,
  object: MemoryObject,
  options: GetOptions,
  fault: StoreFault | null,
  clock: Clock,
  chunkSize: number,
): ObjectDownload {
  const { info } = object;
  const arrived = damaged(object.bytes, fault);
  let settle: (result: Result<void, AppError>) => void = () => {};
  const done = new Promise<Result<void, AppError>>((resolve) => {
    settle = resolve;
  });
  options.signal?.addEventListener('abort', () => settle(err(callCancelled(url))), { once: true });

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let at = 0; at < arrived.bytes.length; at += chunkSize) {
        if (!(await clock.sleep(0, options.signal))) return;
        const chunk = arrived.bytes.subarray(at, at + chunkSize);
        yield chunk;
      }
      if (options.signal?.aborted === true) return;
      if (arrived.cut) settle(err(connectionCut(url, info.name)));
      else settle(matches(info, arrived.bytes) ? ok(undefined) : err(bodyDamaged(url, info.name, 'read')));
    } finally {
      // Reached with nothing settled when the reader or its signal went away.
      settle(err(callCancelled(url)));
    }
  }
  return { info, chunks: chunks(), done };
}
