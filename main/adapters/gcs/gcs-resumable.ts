import { err, ok, type Result } from '../../../shared/result.ts';
import type { ByteSource } from '../../core/ports/byte-source.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { createChunkReader, type ChunkReader } from './gcs-chunk-reader.ts';
import { ask } from './gcs-read.ts';
import { OBJECT_FIELDS } from './gcs-resource.ts';
import type { Attempt, GcsSession } from './gcs-session.ts';
import type { HttpReply } from './gcs-transport.ts';
import { statusFailure, transportFailure, type Failure } from './gcs-failure.ts';
import { uploadUrl } from './gcs-urls.ts';
import { concludeUpload, describe, type Upload } from './gcs-write.ts';

/**
 * Uploads a large body in a resumable session: each request carries one chunk, and after a broken connection the service is asked
 * how far it got. It outlives the attempts of its call. Source:
 * https://cloud.google.com/storage/docs/performing-resumable-uploads
 */
export interface ResumableUpload {
  /** Continues where the last attempt stopped. */
  attempt(attempt: Attempt): Promise<Result<ObjectInfo, Failure>>;
  /** Tells the service to discard the session, and releases the source. Never fails. */
  abandon(): Promise<void>;
}

/** Where the upload stands after one request. */
type Step =
  | { readonly kind: 'begun'; readonly location: URL }
  /** The service has this many bytes. */
  | { readonly kind: 'at'; readonly offset: number }
  /** The service has discarded the session. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'over'; readonly result: Result<ObjectInfo, Failure> };

/** Requests without progress before the upload is abandoned. */
const FRUITLESS = 8;

/** Prepares the upload of one source; nothing is sent yet. */
export function createResumableUpload(
  session: GcsSession,
  upload: Upload,
  body: ByteSource,
): ResumableUpload {
  let location: URL | null = null;
  let reader: ChunkReader | null = null;
  let [next, reached, fruitless] = [0, 0, 0];
  /** True when a request broke off and only the service knows how far it got. */
  let unsure = false;

  const restart = async (): Promise<void> => {
    location = null;
    next = 0;
    unsure = false;
    await reader?.close();
    reader = null;
  };

  async function attempt(attempt: Attempt): Promise<Result<ObjectInfo, Failure>> {
    while (fruitless <= FRUITLESS) {
      const step = await advance(attempt);
      if (!step.ok) {
        unsure = true;
        return step;
      }
      switch (step.value.kind) {
        case 'begun':
          ({ location } = step.value);
          break;
        case 'at':
          next = step.value.offset;
          unsure = false;
          fruitless = next > reached ? 0 : fruitless + 1;
          reached = Math.max(reached, next);
          break;
        case 'lost':
          fruitless++;
          await restart();
          break;
        case 'over':
          // Any further attempt starts a new session.
          await restart();
          return step.value.result;
      }
    }
    const stuck = transportFailure(session.context(), {
      kind: 'reset',
      reason: 'the upload makes no progress',
    });
    return err({ ...stuck, retry: 'never' });
  }

  async function advance(attempt: Attempt): Promise<Result<Step, Failure>> {
    if (location === null) return await begin(session, upload, attempt);
    if (unsure) return await put(session, upload, location, { range: `bytes */${upload.size}` }, attempt);
    if (reader === null || next < reader.start) {
      await reader?.close();
      reader = createChunkReader(body, session.limits.chunk, {
        url: session.context().url,
        name: upload.name,
      });
    }
    const chunk = await reader.chunkAt(next, attempt.signal);
    if (!chunk.ok) return chunk;
    const [from, bytes] = [next, chunk.value];
    const end = from + bytes.length;
    const range = `bytes ${from}-${end - 1}/${end === upload.size ? end : '*'}`;
    return await put(session, upload, location, { range, bytes }, attempt);
  }

  return {
    attempt,
    abandon: async () => {
      await reader?.close();
      if (location === null) return;
      const stop = new AbortController();
      const limit = session.clock.sleep(session.limits.stallMs, stop.signal).then(() => stop.abort());
      // A missing response changes nothing: the service drops a session after a week.
      await session.transport.send({ method: 'DELETE', url: location, headers: {}, signal: stop.signal });
      stop.abort();
      await limit;
    },
  };
}

/** Requests a session. */
async function begin(session: GcsSession, upload: Upload, attempt: Attempt): Promise<Result<Step, Failure>> {
  const url = uploadUrl(session, {
    uploadType: 'resumable',
    name: session.prefix + upload.name,
    ifGenerationMatch: upload.expect,
    fields: OBJECT_FIELDS,
  });
  const headers = {
    'content-type': 'application/json; charset=UTF-8',
    'x-upload-content-type': upload.options.contentType,
    'x-upload-content-length': String(upload.size),
  };
  const reply = await ask(session, attempt, {
    method: 'POST',
    url,
    headers,
    body: describe(session, upload),
  });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200 && reply.value.status !== 201)
    return ok({ kind: 'over', result: await concludeUpload(session, upload, reply.value, attempt) });
  const location = locationIn(reply.value, url);
  if (location !== null) return ok({ kind: 'begun', location });
  return err(
    transportFailure(session.context(), { kind: 'reset', reason: 'no upload session in the answer' }),
  );
}

/** The session's URL. On any other host than the service's, our token must not be sent. */
function locationIn(reply: HttpReply, asked: URL): URL | null {
  try {
    const location = new URL(reply.headers.location ?? '', asked);
    return location.origin === asked.origin && location.href !== asked.href ? location : null;
  } catch {
    return null;
  }
}

/** Sends a chunk, or queries the session's state when there are no bytes. */
async function put(
  session: GcsSession,
  upload: Upload,
  url: URL,
  part: { readonly range: string; readonly bytes?: Uint8Array },
  attempt: Attempt,
): Promise<Result<Step, Failure>> {
  const reply = await session.transport.send({
    method: 'PUT',
    url,
    headers: { ...attempt.headers, 'content-range': part.range },
    body: part.bytes ?? new Uint8Array(0),
    signal: attempt.signal,
  });
  if (!reply.ok) return err(transportFailure(session.context(), reply.error));
  const { status, headers } = reply.value;
  if (status === 308) {
    const stored = /^bytes=0-(\d{1,15})$/.exec(headers.range ?? '')?.[1];
    return ok({ kind: 'at', offset: stored === undefined ? 0 : Number(stored) + 1 });
  }
  if (status === 404 || status === 410) return ok({ kind: 'lost' });
  // The session is still valid after these; a retry asks it how far it got.
  if (status === 401 || status === 408 || status === 429 || status >= 500)
    return err(statusFailure(session.context(), reply.value, upload.name));
  return ok({ kind: 'over', result: await concludeUpload(session, upload, reply.value, attempt) });
}
