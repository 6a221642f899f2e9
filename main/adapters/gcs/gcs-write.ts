import { randomBytes } from 'node:crypto';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import {
  bodyDamaged,
  metadataChanged,
  callCancelled,
  generationGone,
  preconditionFailed,
  sourceChanged,
} from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { parseJson, isObject } from '../../../shared/json.ts';
import { ByteSourceChanged, type ByteSource } from '../../core/ports/byte-source.ts';
import type { ObjectInfo, PutOptions } from '../../core/ports/object-store.ts';
import { ask, garbled, statObject } from './gcs-read.ts';
import { OBJECT_FIELDS, parseObject } from './gcs-resource.ts';
import type { Attempt, GcsSession } from './gcs-session.ts';
import type { HttpReply } from './gcs-transport.ts';
import { statusFailure, transportFailure, type Failure } from './gcs-failure.ts';
import { rewriteUrl, uploadUrl } from './gcs-urls.ts';

/** An object being uploaded. */
export interface Upload {
  readonly name: string;
  readonly size: number;
  /** Base64, as the service writes it. */
  readonly crc32c: string;
  readonly options: PutOptions;
  /** The generation that must be live; updated when an attempt stored corrupted bytes under a generation we were told. */
  expect: string;
}

/** Prepares an upload of a source. */
export function uploadOf(name: string, body: ByteSource, options: PutOptions): Upload {
  return {
    name,
    size: body.size,
    crc32c: crc32cToBase64(body.crc32c),
    options,
    expect: options.ifGenerationMatch,
  };
}

/** The metadata sent with the bytes; the service refuses bytes that do not match its checksum. */
export function describe(session: GcsSession, upload: Upload): Uint8Array {
  const { contentType, metadata = {} } = upload.options;
  return Buffer.from(
    JSON.stringify({ name: session.prefix + upload.name, contentType, metadata, crc32c: upload.crc32c }),
  );
}

/** Reads a small source whole, checked before anything is sent. */
export async function readSource(
  session: GcsSession,
  name: string,
  body: ByteSource,
  signal: AbortSignal,
): Promise<Result<Uint8Array, Failure>> {
  const { url } = session.context();
  let bytes = body.bytes;
  if (bytes === undefined) {
    const parts: Uint8Array[] = [];
    try {
      for await (const part of body.stream()) {
        if (signal.aborted) return err({ error: callCancelled(url), retry: 'never' });
        parts.push(part);
      }
    } catch (error) {
      if (error instanceof ByteSourceChanged) return err({ error: sourceChanged(name), retry: 'never' });
      throw error;
    }
    bytes = Buffer.concat(parts);
  }
  if (bytes.length !== body.size) return err({ error: sourceChanged(name), retry: 'never' });
  if (crc32c(bytes) === body.crc32c) return ok(bytes);
  return err({ error: bodyDamaged(url, name, 'write'), retry: 'never' });
}

/** One request with metadata and bytes: the fastest way for what fits in memory. */
export async function uploadWhole(
  session: GcsSession,
  upload: Upload,
  bytes: Uint8Array,
  attempt: Attempt,
): Promise<Result<ObjectInfo, Failure>> {
  // Random, so that no log can contain it by chance or malice.
  const boundary = `session-log-${randomBytes(18).toString('hex')}`;
  const head = Buffer.concat([
    Buffer.from(`--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n`),
    describe(session, upload),
    Buffer.from(`\r\n--${boundary}\r\ncontent-type: ${upload.options.contentType}\r\n\r\n`),
  ]);
  const body = Buffer.concat([head, bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const url = uploadUrl(session, {
    uploadType: 'multipart',
    name: session.prefix + upload.name,
    ifGenerationMatch: upload.expect,
    fields: OBJECT_FIELDS,
  });
  const headers = { ...attempt.headers, 'content-type': `multipart/related; boundary=${boundary}` };
  const { signal } = attempt;
  const reply = await session.transport.send({ method: 'POST', url, headers, body, signal });
  if (!reply.ok) return err(transportFailure(session.context(), reply.error));
  return await concludeUpload(session, upload, reply.value, attempt);
}

/** Reads the response to the last request of an upload. */
export async function concludeUpload(
  session: GcsSession,
  upload: Upload,
  reply: HttpReply,
  attempt: Attempt,
): Promise<Result<ObjectInfo, Failure>> {
  const { url } = session.context();
  if (reply.status === 412 || reply.status === 304)
    return await resolvePrecondition(session, upload, attempt);
  if (reply.status !== 200 && reply.status !== 201) {
    const failure = statusFailure(session.context(), reply, upload.name);
    // A request corrupted in transit is refused in many ways; sent again it is understood, or truly refused.
    return err(reply.status === 400 ? { ...failure, retry: 'damaged' } : failure);
  }
  const info = parseObject(parseJson(reply.body.toString()), session.prefix);
  if (info === null) return err(garbled(session));
  session.seen.bucket = true;
  const whole = isOurs(upload, info);
  if (whole && holdsMetadata(info.metadata, upload.options.metadata ?? {})) return ok(info);
  // The service stored something else than we sent, and reported its generation: so it may be replaced by the intended
  // bytes.
  if (info.name === upload.name) upload.expect = info.generation;
  const error = whole ? metadataChanged(url, upload.name) : bodyDamaged(url, upload.name, 'write');
  return err({ error, retry: 'damaged' });
}

/** A failed precondition means "unknown": it may be caused by our own earlier attempt. So check. */
async function resolvePrecondition(
  session: GcsSession,
  upload: Upload,
  attempt: Attempt,
): Promise<Result<ObjectInfo, Failure>> {
  const live = await statObject(session, upload.name, attempt);
  if (!live.ok) return live;
  if (live.value !== null && isOurs(upload, live.value)) return ok(live.value);
  const { url } = session.context();
  return err({
    error: preconditionFailed(url, upload.name, upload.options.ifGenerationMatch, live.value),
    retry: 'never',
  });
}

function isOurs(upload: Upload, info: ObjectInfo): boolean {
  return info.name === upload.name && info.size === upload.size && info.crc32c === upload.crc32c;
}

/** A service may add keys of its own; what was sent must be there. */
function holdsMetadata(
  stored: Readonly<Record<string, string>>,
  sent: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(sent).every(([key, value]) => stored[key] === value);
}

/** A copy inside the bucket. */
export interface Copy {
  readonly from: { readonly name: string; readonly generation: string };
  readonly to: string;
  readonly expect: string;
}

/** The state of both ends of a copy. */
type CopyStanding =
  | { readonly kind: 'go' }
  | { readonly kind: 'over'; readonly result: Result<ObjectInfo, Failure> };

/**
 * Copies; a large object may take several requests, each returning how to continue. Both ends are checked first: copies are rare, a
 * failed precondition would not tell which of the two it was, and some servers ignore them here (fake-gcs-server 1.56.1).
 */
export async function copyObject(
  session: GcsSession,
  copy: Copy,
  attempt: Attempt,
): Promise<Result<ObjectInfo, Failure>> {
  const before = await lookAtBoth(session, copy, attempt);
  if (before.kind === 'over') return before.result;
  let token: string | undefined;
  for (;;) {
    const url = rewriteUrl(session, session.prefix + copy.from.name, session.prefix + copy.to, {
      sourceGeneration: copy.from.generation,
      ifSourceGenerationMatch: copy.from.generation,
      ifGenerationMatch: copy.expect,
      rewriteToken: token,
      fields: `done,rewriteToken,resource(${OBJECT_FIELDS})`,
    });
    const reply = await ask(session, attempt, {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
    });
    if (!reply.ok) return reply;
    const { status, body } = reply.value;
    if (status === 412 || status === 404) {
      const after = await lookAtBoth(session, copy, attempt);
      return after.kind === 'over' ? after.result : err(garbled(session));
    }
    if (status !== 200) return err(statusFailure(session.context(), reply.value, copy.to));
    const json = parseJson(body.toString());
    if (!isObject(json)) return err(garbled(session));
    if (json['done'] === true) {
      const info = parseObject(json['resource'], session.prefix);
      return info === null ? err(garbled(session)) : ok(info);
    }
    if (typeof json['rewriteToken'] !== 'string' || json['rewriteToken'] === token)
      return err(garbled(session));
    token = json['rewriteToken'];
  }
}

/** Is the source still that generation, and is the target as expected, or our own earlier attempt? */
async function lookAtBoth(session: GcsSession, copy: Copy, attempt: Attempt): Promise<CopyStanding> {
  const over = (result: Result<ObjectInfo, Failure>): CopyStanding => ({ kind: 'over', result });
  const { url } = session.context();
  const source = await statObject(session, copy.from.name, attempt);
  if (!source.ok) return over(source);
  if (source.value?.generation !== copy.from.generation)
    return over(err({ error: generationGone(url, copy.from.name, copy.from.generation), retry: 'never' }));
  const target = await statObject(session, copy.to, attempt);
  if (!target.ok) return over(target);
  if ((target.value?.generation ?? '0') === copy.expect) return { kind: 'go' };
  const { size, crc32c } = source.value;
  if (target.value !== null && target.value.size === size && target.value.crc32c === crc32c)
    return over(ok(target.value));
  return over(err({ error: preconditionFailed(url, copy.to, copy.expect, target.value), retry: 'never' }));
}
