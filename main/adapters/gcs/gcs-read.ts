import { gunzipSync } from 'node:zlib';
import { err, ok, type Result } from '../../../shared/result.ts';
import { parseJson, isObject } from '../../../shared/json.ts';
import type { ListPage, ObjectInfo } from '../../core/ports/object-store.ts';
import { parseObject, OBJECT_FIELDS } from './gcs-resource.ts';
import type { Attempt, GcsSession } from './gcs-session.ts';
import type { HttpReply } from './gcs-transport.ts';
import { statusFailure, transportFailure, type Failure } from './gcs-failure.ts';
import { listUrl, objectUrl } from './gcs-urls.ts';

const LARGEST_PAGE = 1000;
/** A page of 1,000 objects with 8 KiB of metadata each. */
const PAGE_LIMIT = 32 * 1024 * 1024;

/** Sends one JSON API request and reads its response. */
export async function ask(
  session: GcsSession,
  attempt: Attempt,
  request: {
    readonly method: 'GET' | 'POST';
    readonly url: URL;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
  },
  limit = PAGE_LIMIT,
): Promise<Result<HttpReply, Failure>> {
  const headers = { ...attempt.headers, ...request.headers };
  const sent = await session.transport.send({ ...request, headers, signal: attempt.signal }, limit);
  return sent.ok ? sent : err(transportFailure(session.context(), sent.error));
}

/** An incomplete response: truncated by something in transit that closed cleanly. */
export function garbled(session: GcsSession): Failure {
  return transportFailure(session.context(), { kind: 'reset', reason: 'garbled answer' });
}

/** One page of the listing, requested with only the fields we use. */
export async function listPage(
  session: GcsSession,
  prefix: string,
  options: { readonly pageToken?: string | undefined; readonly pageSize?: number | undefined },
  attempt: Attempt,
): Promise<Result<ListPage, Failure>> {
  const size = Math.max(1, Math.min(options.pageSize ?? LARGEST_PAGE, LARGEST_PAGE));
  const url = listUrl(session, {
    prefix: session.prefix + prefix,
    maxResults: size,
    pageToken: options.pageToken,
    fields: `items(${OBJECT_FIELDS}),nextPageToken`,
  });
  // Google compresses only for clients that ask twice; a page shrinks to a fifth.
  const headers = { 'accept-encoding': 'gzip', 'user-agent': 'session-log (gzip)' };
  const reply = await ask(session, attempt, { method: 'GET', url, headers });
  if (!reply.ok) return reply;
  if (reply.value.status !== 200) return err(statusFailure(session.context(), reply.value, null));
  const page = parsePage(unpack(reply.value), session.prefix);
  if (page === null) return err(garbled(session));
  session.seen.bucket = true;
  return ok(page);
}

function unpack(reply: HttpReply): Buffer {
  if (reply.headers['content-encoding'] !== 'gzip') return reply.body;
  try {
    return gunzipSync(reply.body, { maxOutputLength: PAGE_LIMIT });
  } catch {
    return Buffer.alloc(0);
  }
}

function parsePage(body: Buffer, prefix: string): ListPage | null {
  const json = parseJson(body.toString());
  if (!isObject(json)) return null;
  const { items = [], nextPageToken } = json;
  if (!Array.isArray(items)) return null;
  const objects: ObjectInfo[] = [];
  for (const item of items) {
    const info = parseObject(item, prefix);
    if (info === null) return null;
    // The prefix itself may be an object: a folder marker, with an empty name below it.
    if (info.name !== '') objects.push(info);
  }
  return typeof nextPageToken === 'string' && nextPageToken !== '' ? { objects, nextPageToken } : { objects };
}

/** Returns the facts of one object, or null. */
export async function statObject(
  session: GcsSession,
  name: string,
  attempt: Attempt,
): Promise<Result<ObjectInfo | null, Failure>> {
  const url = objectUrl(session, session.prefix + name, { fields: OBJECT_FIELDS });
  const reply = await ask(session, attempt, { method: 'GET', url });
  if (!reply.ok) return reply;
  if (reply.value.status === 404) return await nothingOrNoBucket(session, reply.value, attempt);
  if (reply.value.status !== 200) return err(statusFailure(session.context(), reply.value, name));
  const info = parseObject(parseJson(reply.value.body.toString()), session.prefix);
  if (info === null) return err(garbled(session));
  session.seen.bucket = true;
  return ok(info);
}

/** A 404 means "no such object" or "no such bucket". Google's text tells which; if a server gives none, the bucket is checked once. */
export async function nothingOrNoBucket(
  session: GcsSession,
  reply: HttpReply,
  attempt: Attempt,
): Promise<Result<null, Failure>> {
  const text = reply.body.subarray(0, 4096).toString('utf8');
  if (/NoSuchBucket|bucket does not exist/i.test(text))
    return err(statusFailure(session.context(), reply, null));
  if (/NoSuchKey|No such object/i.test(text) || session.seen.bucket) return ok(null);
  const listed = await listPage(session, '', { pageSize: 1 }, attempt);
  // Permission to read but not to list: what matters was that the bucket exists.
  if (!listed.ok && listed.error.error.code !== 'denied') return listed;
  session.seen.bucket = true;
  return ok(null);
}
