import type { IncomingMessage } from 'node:http';
import type { AppError } from '../../../shared/app-error.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { bodyDamaged, callCancelled, generationGone } from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { GetOptions, ObjectDownload, ObjectInfo } from '../../core/ports/object-store.ts';
import { garbled, nothingOrNoBucket } from './gcs-read.ts';
import { infoFromHeaders } from './gcs-resource.ts';
import { backoff, type Attempt, type GcsSession } from './gcs-session.ts';
import { failureOf, readWhole } from './gcs-transport.ts';
import { statusTrouble, transportTrouble, type Trouble } from './gcs-trouble.ts';
import { mediaUrl } from './gcs-urls.ts';

export interface OpenMedia {
  readonly info: ObjectInfo;
  readonly message: IncomingMessage;
}

/** Bodies above this belong in a stream. */
const IN_MEMORY = 256 * 1024 * 1024;
const ERROR_BODY = 64 * 1024;
/** Broken connections in a row, with not one byte between them, after which a stream is given up. */
const FRUITLESS = 6;

/** Asks for an object's bytes; the answer's head is read, its body is the caller's. */
export async function openMedia(
  session: GcsSession,
  name: string,
  options: { readonly generation?: string | undefined; readonly from?: number },
  attempt: Attempt,
): Promise<Result<OpenMedia | null, Trouble>> {
  const headers: Record<string, string> = {
    ...attempt.headers,
    // "As it is stored": otherwise a foreign object with Content-Encoding would be unpacked on the way, and no checksum would hold.
    'accept-encoding': 'gzip',
    ...(options.generation === undefined ? {} : { 'x-goog-if-generation-match': options.generation }),
    ...(options.from ? { range: `bytes=${options.from}-` } : {}),
  };
  const url = mediaUrl(session, session.prefix + name);
  const opened = await session.transport.open({ method: 'GET', url, headers, signal: attempt.signal });
  if (!opened.ok) return err(transportTrouble(session.context(), opened.error));
  const message = opened.value;
  const status = message.statusCode ?? 0;
  if (status === (options.from ? 206 : 200)) {
    const info = infoFromHeaders(name, message.headers);
    // Asked again of the answer, because there are servers that ignore the condition here (fake-gcs-server 1.56.1).
    const isWanted = options.generation === undefined || options.generation === info?.generation;
    if (info !== null && isWanted) {
      session.seen.bucket = true;
      return ok({ info, message });
    }
    if (info !== null) {
      message.destroy();
      return err({
        error: generationGone(session.context().url, name, options.generation ?? ''),
        retry: 'never',
      });
    }
    message.destroy();
    return err(garbled(session));
  }
  const body = await readWhole(message, ERROR_BODY, attempt.signal);
  if (!body.ok) return err(transportTrouble(session.context(), body.error));
  const reply = { status, headers: message.headers, body: body.value };
  if (status === 404) {
    const nothing = await nothingOrNoBucket(session, reply, attempt);
    if (!nothing.ok || options.generation === undefined) return nothing;
  }
  const isGone = status === 404 || status === 412 || status === 304;
  if (isGone && options.generation !== undefined)
    return err({ error: generationGone(session.context().url, name, options.generation), retry: 'never' });
  return err(statusTrouble(session.context(), reply, name));
}

/** One attempt at the whole object in memory, proved against the checksum that came with it. */
export async function fetchWhole(
  session: GcsSession,
  name: string,
  options: GetOptions,
  attempt: Attempt,
): Promise<Result<{ readonly info: ObjectInfo; readonly bytes: Uint8Array } | null, Trouble>> {
  const opened = await openMedia(session, name, options, attempt);
  if (!opened.ok || opened.value === null) return opened.ok ? ok(null) : opened;
  const { info, message } = opened.value;
  const body = await readWhole(message, Math.min(info.size, IN_MEMORY), attempt.signal);
  if (!body.ok && body.error.kind === 'oversized' && info.size <= IN_MEMORY)
    return err({ error: bodyDamaged(session.context().url, name, 'read'), retry: 'damaged' });
  if (!body.ok) return err(transportTrouble(session.context(), body.error));
  const bytes = new Uint8Array(body.value.buffer, body.value.byteOffset, body.value.byteLength);
  if (!isSound(info, bytes.length, crc32c(bytes)))
    return err({ error: bodyDamaged(session.context().url, name, 'read'), retry: 'damaged' });
  options.onProgress?.(bytes.length);
  return ok({ info, bytes });
}

function isSound(info: ObjectInfo, size: number, sum: number): boolean {
  return size === info.size && crc32cToBase64(sum) === info.crc32c;
}

/**
 * An opened object as a download. A connection that breaks in the middle is made again from the byte reached, for the same
 * generation; what cannot be mended ends the chunks, and `done` says why.
 */
export function streamOf(session: GcsSession, opened: OpenMedia, options: GetOptions): ObjectDownload {
  const { info } = opened;
  const { url } = session.context();
  const stop = new AbortController();
  let settle: (result: Result<void, AppError>) => void = () => {};
  const done = new Promise<Result<void, AppError>>((resolve) => {
    settle = resolve;
  });
  let current = opened.message;
  const onAbort = (): void => {
    settle(err(callCancelled(url)));
    stop.abort();
    current.destroy();
  };
  if (options.signal?.aborted === true) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    let [size, sum, fruitless] = [0, 0, 0];
    try {
      for (;;) {
        const before = size;
        const broken = yield* take(current, (chunk) => {
          size += chunk.length;
          sum = crc32c(chunk, sum);
          options.onProgress?.(size);
        });
        if (stop.signal.aborted) return;
        if (broken === null || size >= info.size) break;
        fruitless = size === before ? fruitless + 1 : 0;
        if (fruitless >= FRUITLESS) return settle(err(broken.error));
        await session.clock.sleep(backoff(session.limits, session.random, fruitless), stop.signal);
        const again = await reopen(session, info, size, stop.signal);
        if (!again.ok) return settle(again);
        current = again.value;
      }
      settle(isSound(info, size, sum) ? ok(undefined) : err(bodyDamaged(url, info.name, 'read')));
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      // Does nothing when the end was reached; otherwise the reader went away.
      settle(err(callCancelled(url)));
      current.destroy();
    }
  }

  /** Hands out what one connection brings; answers null at its regular end. */
  async function* take(
    message: IncomingMessage,
    note: (chunk: Uint8Array) => void,
  ): AsyncGenerator<Uint8Array, Trouble | null, undefined> {
    try {
      for await (const chunk of message as AsyncIterable<Buffer>) {
        note(chunk);
        yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      }
      return message.complete ? null : transportTrouble(session.context(), { kind: 'reset', reason: 'cut' });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return transportTrouble(session.context(), failureOf(error, stop.signal));
    }
  }
  return { info, chunks: chunks(), done };
}

/**
 * Opens an object for a stream that outlives the call: the call's own signal, which ends with it, must not end the stream. With
 * all retries of any other call.
 */
export function openDetached(
  session: GcsSession,
  name: string,
  media: { readonly generation?: string | undefined; readonly from?: number },
  signal: AbortSignal | undefined,
): Promise<Result<OpenMedia | null, AppError>> {
  return session.run({ operation: 'getStream', signal }, async (attempt) => {
    const own = new AbortController();
    const abort = (): void => own.abort();
    attempt.signal.addEventListener('abort', abort, { once: true });
    const opened = await openMedia(session, name, media, { headers: attempt.headers, signal: own.signal });
    attempt.signal.removeEventListener('abort', abort);
    return opened;
  });
}

async function reopen(
  session: GcsSession,
  info: ObjectInfo,
  from: number,
  signal: AbortSignal,
): Promise<Result<IncomingMessage, AppError>> {
  const { generation, name } = info;
  const opened = await openDetached(session, name, { generation, from }, signal);
  if (!opened.ok) return opened;
  if (opened.value === null) return err(generationGone(session.context().url, name, generation));
  return ok(opened.value.message);
}
