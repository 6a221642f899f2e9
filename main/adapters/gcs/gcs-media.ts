import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { bodyDamaged, generationGone, objectTooLarge } from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { GetOptions, ObjectInfo } from '../../core/ports/object-store.ts';
import { garbled, nothingOrNoBucket } from './gcs-read.ts';
import { infoFromHeaders } from './gcs-resource.ts';
import type { Attempt, GcsSession } from './gcs-session.ts';
import { readWhole, type HttpAnswer } from './gcs-transport.ts';
import { statusFailure, transportFailure, type Failure } from './gcs-failure.ts';
import { mediaUrl } from './gcs-urls.ts';

export interface OpenMedia {
  readonly info: ObjectInfo;
  readonly answer: HttpAnswer;
}

/** Larger bodies must be streamed. */
const IN_MEMORY = 256 * 1024 * 1024;
const ERROR_BODY = 64 * 1024;

/** Requests an object's bytes; the response head is read, the body is left to the caller. */
export async function openMedia(
  session: GcsSession,
  name: string,
  options: { readonly generation?: string | undefined; readonly from?: number },
  attempt: Attempt,
): Promise<Result<OpenMedia | null, Failure>> {
  const headers: Record<string, string> = {
    ...attempt.headers,
    // Avoids decompressive transcoding: a foreign object with Content-Encoding would be decompressed in transit, and no checksum
    // would match.
    'accept-encoding': 'gzip',
    ...(options.generation === undefined ? {} : { 'x-goog-if-generation-match': options.generation }),
    ...(options.from ? { range: `bytes=${options.from}-` } : {}),
  };
  const url = mediaUrl(session, session.prefix + name);
  const opened = await session.transport.open({ method: 'GET', url, headers, signal: attempt.signal });
  if (!opened.ok) return err(transportFailure(session.context(), opened.error));
  const answer = opened.value;
  const { status } = answer;
  if (status === (options.from ? 206 : 200)) {
    const info = infoFromHeaders(name, answer.headers);
    // Checked again in the response, because some servers ignore the condition here (fake-gcs-server 1.56.1).
    const isWanted = options.generation === undefined || options.generation === info?.generation;
    if (info !== null && isWanted) {
      session.seen.bucket = true;
      return ok({ info, answer });
    }
    if (info !== null) {
      answer.drop();
      return err({
        error: generationGone(session.context().url, name, options.generation ?? ''),
        retry: 'never',
      });
    }
    answer.drop();
    return err(garbled(session));
  }
  const body = await readWhole(answer, ERROR_BODY, attempt.signal);
  if (!body.ok) return err(transportFailure(session.context(), body.error));
  const reply = { status, headers: answer.headers, body: body.value };
  if (status === 404) {
    const nothing = await nothingOrNoBucket(session, reply, attempt);
    if (!nothing.ok || options.generation === undefined) return nothing;
  }
  const isGone = status === 404 || status === 412 || status === 304;
  if (isGone && options.generation !== undefined)
    return err({ error: generationGone(session.context().url, name, options.generation), retry: 'never' });
  return err(statusFailure(session.context(), reply, name));
}

/** One attempt to read the whole object into memory, verified against its checksum. */
export async function fetchWhole(
  session: GcsSession,
  name: string,
  options: GetOptions,
  attempt: Attempt,
): Promise<Result<WholeObject | null, Failure>> {
  const opened = await openMedia(session, name, options, attempt);
  if (!opened.ok || opened.value === null) return opened.ok ? ok(null) : opened;
  const { info, answer } = opened.value;
  const limit = Math.min(options.limit ?? IN_MEMORY, IN_MEMORY);
  if (info.size > limit) {
    answer.drop();
    return err({ error: objectTooLarge(session.context().url, name, info.size, limit), retry: 'never' });
  }
  return await readProved(session, opened.value, attempt.signal);
}

export interface WholeObject {
  readonly info: ObjectInfo;
  readonly bytes: Uint8Array;
}

/** Reads an opened object's body into memory if it matches its checksum. */
export async function readProved(
  session: GcsSession,
  { info, answer }: OpenMedia,
  signal: AbortSignal,
): Promise<Result<WholeObject, Failure>> {
  const damaged: Failure = { error: bodyDamaged(session.context().url, info.name, 'read'), retry: 'damaged' };
  const body = await readWhole(answer, Math.min(info.size, IN_MEMORY), signal);
  if (!body.ok && body.error.kind === 'oversized' && info.size <= IN_MEMORY) return err(damaged);
  if (!body.ok) return err(transportFailure(session.context(), body.error));
  const bytes = new Uint8Array(body.value.buffer, body.value.byteOffset, body.value.byteLength);
  return isSound(info, bytes.length, crc32c(bytes)) ? ok({ info, bytes }) : err(damaged);
}

/** True when this many bytes with this CRC32C are the object. */
export function isSound(info: ObjectInfo, size: number, sum: number): boolean {
  return size === info.size && crc32cToBase64(sum) === info.crc32c;
}
