import type { AppError, Answer } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import {
  bodyDamaged,
  callCancelled,
  callTimedOut,
  generationGone,
} from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { GetOptions, ObjectDownload, ObjectInfo } from '../../core/ports/object-store.ts';
import { isSound, openMedia, readProved, type OpenMedia, type WholeObject } from './gcs-media.ts';
import { backoff, type GcsSession } from './gcs-session.ts';
import { failureOf, type HttpAnswer } from './gcs-transport.ts';
import { transportFailure, type Failure } from './gcs-failure.ts';

/** Consecutive broken connections without a single byte after which a stream is abandoned. */
const FRUITLESS = 6;
/** Objects up to this size are verified before the first byte is handed out, so that transfer damage is repaired by a retry. */
const PROVED_FIRST = 1024 * 1024;

/** Opens an object for reading as a stream; null when there is none. With the usual retries. */
export async function openDownload(
  session: GcsSession,
  name: string,
  options: GetOptions,
): Answer<ObjectDownload | null> {
  const opened = await open(session, name, { generation: options.generation }, options.signal);
  if (!opened.ok || opened.value === null) return opened.ok ? ok(null) : opened;
  const found = opened.value;
  const download =
    'bytes' in found ? downloadOfBytes(session, found, options) : downloadOf(session, found, options);
  if (options.signal?.aborted !== true) return ok(download);
  await download.done;
  return err(callCancelled(session.context().url));
}

/** The stream outlives the call that opens it, so the call's own signal, which ends with the call, must not end the stream. */
function open(
  session: GcsSession,
  name: string,
  media: { readonly generation?: string | undefined; readonly from?: number },
  signal: AbortSignal | undefined,
): Answer<OpenMedia | WholeObject | null> {
  return session.run<OpenMedia | WholeObject | null>({ operation: 'getStream', signal }, async (attempt) => {
    const own = new AbortController();
    const abort = (): void => own.abort();
    attempt.signal.addEventListener('abort', abort, { once: true });
    const opened = await openMedia(session, name, media, { headers: attempt.headers, signal: own.signal });
    if (!opened.ok || opened.value === null) return opened;
    if (media.from === undefined && opened.value.info.size <= PROVED_FIRST)
      return await readProved(session, opened.value, own.signal);
    attempt.signal.removeEventListener('abort', abort);
    return opened;
  });
}

/** How a download ends, and what its reader's signal does. */
interface Ending {
  readonly done: Answer<void>;
  readonly signal: AbortSignal;
  /** The first call wins. */
  settle(result: Result<void, AppError>): void;
  /** The reader is done, or left. */
  leave(): void;
}

function endingOf(url: string, options: GetOptions, onAbort: () => void): Ending {
  const stop = new AbortController();
  let settle: (result: Result<void, AppError>) => void = () => {};
  const done = new Promise<Result<void, AppError>>((resolve) => {
    settle = resolve;
  });
  const abort = (): void => {
    settle(err(callCancelled(url)));
    stop.abort();
    onAbort();
  };
  if (options.signal?.aborted === true) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  return {
    done,
    signal: stop.signal,
    settle,
    leave: () => {
      options.signal?.removeEventListener('abort', abort);
      // No effect if the end was reached before.
      settle(err(callCancelled(url)));
    },
  };
}

function downloadOfBytes(
  session: GcsSession,
  { info, bytes }: WholeObject,
  options: GetOptions,
): ObjectDownload {
  const ending = endingOf(session.context().url, options, () => {});
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      if (ending.signal.aborted) return;
      if (bytes.length > 0) yield bytes;
      ending.settle(ok(undefined));
    } finally {
      ending.leave();
    }
  }
  return { info, chunks: chunks(), done: ending.done };
}

/**
 * Returns a large object as a download. A broken connection is reopened from the byte reached, for the same generation; unrecoverable
 * failures end the chunks, and `done` gives the reason.
 */
function downloadOf(session: GcsSession, opened: OpenMedia, options: GetOptions): ObjectDownload {
  const { info } = opened;
  const { url } = session.context();
  const { clock, limits } = session;
  let current = opened.answer;
  const ending = endingOf(url, options, () => current.drop());
  const budget = limits.callMs + (info.size / 1_048_576) * limits.perMiBMs;
  const began = clock.monotonic();

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    let [size, sum, fruitless] = [0, 0, 0];
    try {
      for (;;) {
        const before = size;
        const broken = yield* take(session, current, ending.signal, (chunk) => {
          size += chunk.length;
          sum = crc32c(chunk, sum);
        });
        if (ending.signal.aborted) return;
        if (broken === null || size >= info.size) break;
        fruitless = size === before ? fruitless + 1 : 0;
        if (fruitless >= FRUITLESS) return ending.settle(err(broken.error));
        // Only checked after a failure: a reader may take its time.
        if (clock.monotonic() - began > budget)
          return ending.settle(err(callTimedOut(url, 'getStream', budget)));
        await clock.sleep(backoff(limits, session.random, fruitless), ending.signal);
        const again = await reopen(session, info, size, ending.signal);
        if (!again.ok) return ending.settle(again);
        current = again.value;
      }
      ending.settle(isSound(info, size, sum) ? ok(undefined) : err(bodyDamaged(url, info.name, 'read')));
    } finally {
      ending.leave();
      current.drop();
    }
  }
  return { info, chunks: chunks(), done: ending.done };
}

/** Yields what one connection delivers; returns null at its regular end. */
async function* take(
  session: GcsSession,
  answer: HttpAnswer,
  signal: AbortSignal,
  note: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, Failure | null, undefined> {
  try {
    for await (const chunk of answer.body) {
      note(chunk);
      yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
    return null;
  } catch (error) {
    return transportFailure(session.context(), failureOf(error, signal));
  }
}

async function reopen(
  session: GcsSession,
  info: ObjectInfo,
  from: number,
  signal: AbortSignal,
): Answer<HttpAnswer> {
  const { generation, name } = info;
  const opened = await open(session, name, { generation, from }, signal);
  if (!opened.ok) return opened;
  if (opened.value === null || 'bytes' in opened.value)
    return err(generationGone(session.context().url, name, generation));
  return ok(opened.value.answer);
}
