import { createHash } from 'node:crypto';
import { crc32c, crc32cToBase64 } from '../../shared/domain/checksum.ts';
import type { MemoryObject } from './memory-bucket.ts';

/** What the in-repo server answers: JSON, or a body of its own. */
export interface ApiReply {
  readonly status: number;
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiFailure {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}

/** What a path of the JSON or the XML API addresses. */
export type ApiPath =
  | { readonly kind: 'buckets' }
  | { readonly kind: 'list' | 'upload' | 'permissions' | 'bucket'; readonly bucket: string }
  | { readonly kind: 'object' | 'xml'; readonly bucket: string; readonly name: string }
  | { readonly kind: 'rewrite'; readonly bucket: string; readonly name: string; readonly target: string };

/** Reads a path; null when it addresses nothing that this server knows. */
export function bucketPath(pathname: string): ApiPath | null {
  const parts = pathname.split('/').slice(1).map(decodeURIComponent);
  if (parts[0] === 'upload' && parts[1] === 'storage') return { kind: 'upload', bucket: parts[4] ?? '' };
  if (parts[0] === 'download') parts.shift();
  if (parts[0] !== 'storage') {
    const [bucket = '', ...name] = parts;
    return name.length === 0 ? null : { kind: 'xml', bucket, name: name.join('/') };
  }
  const [, , , bucket, kind, name, verb, , , , target] = parts;
  if (bucket === undefined) return { kind: 'buckets' };
  if (kind === undefined) return { kind: 'bucket', bucket };
  if (kind === 'iam') return { kind: 'permissions', bucket };
  if (kind !== 'o') return null;
  if (name === undefined) return { kind: 'list', bucket };
  if (verb === 'rewriteTo') return { kind: 'rewrite', bucket, name, target: target ?? '' };
  return { kind: 'object', bucket, name };
}

/** An error in the form of the JSON API. */
export function failure(status: number, reason: string, message: string): ApiReply {
  return {
    status,
    json: { error: { code: status, message, errors: [{ domain: 'global', reason, message }] } },
  };
}

/** An object as the JSON API shows it. */
export function resourceOf(object: MemoryObject): Readonly<Record<string, unknown>> {
  const { info, contentType, bytes } = object;
  return {
    kind: 'storage#object',
    name: info.name,
    generation: info.generation,
    metageneration: '1',
    contentType,
    size: String(info.size),
    crc32c: info.crc32c,
    md5Hash: createHash('md5').update(bytes).digest('base64'),
    updated: new Date(info.updated).toISOString(),
    ...(Object.keys(info.metadata).length > 0 ? { metadata: info.metadata } : {}),
  };
}

/** The headers that come with an object's bytes. */
export function mediaHeaders({ info }: MemoryObject): Readonly<Record<string, string>> {
  return {
    'x-goog-generation': info.generation,
    'x-goog-hash': `crc32c=${info.crc32c}`,
    'x-goog-stored-content-length': String(info.size),
    'x-goog-stored-content-encoding': 'identity',
    'last-modified': new Date(info.updated).toUTCString(),
    ...Object.fromEntries(Object.entries(info.metadata).map(([key, value]) => [`x-goog-meta-${key}`, value])),
  };
}

/** Splits a multipart/related body into its description and its bytes; null when it is none. */
export function parseMultipart(
  contentType: string,
  body: Buffer,
): { readonly description: Readonly<Record<string, unknown>>; readonly bytes: Buffer } | null {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return null;
  const mark = Buffer.from(`--${boundary}`);
  const second = body.indexOf(mark, mark.length);
  const end = body.lastIndexOf(Buffer.from(`\r\n--${boundary}--`));
  if (!body.subarray(0, mark.length).equals(mark) || second < 0 || end < second) return null;
  const content = (from: number, to: number): Buffer | null => {
    const gap = body.indexOf('\r\n\r\n', from);
    return gap < 0 || gap > to ? null : body.subarray(gap + 4, to);
  };
  const [head, bytes] = [content(0, second - 2), content(second, end)];
  if (head === null || bytes === null) return null;
  try {
    return { description: JSON.parse(head.toString()) as Record<string, unknown>, bytes };
  } catch {
    return null;
  }
}

/** What is to be written, if the bytes match the checksums that the description announces. */
export function checkedBytes(
  description: Readonly<Record<string, unknown>>,
  bytes: Buffer,
):
  | ApiReply
  | {
      readonly bytes: Uint8Array;
      readonly crc32c: string;
      readonly contentType: string;
      readonly metadata: Readonly<Record<string, string>>;
    } {
  const sum = crc32cToBase64(crc32c(bytes));
  const md5 = createHash('md5').update(bytes).digest('base64');
  const { crc32c: announced, md5Hash } = description;
  if (typeof announced === 'string' && announced !== sum)
    return failure(
      400,
      'invalid',
      `Provided CRC32C "${announced}" doesn't match calculated CRC32C "${sum}".`,
    );
  if (typeof md5Hash === 'string' && md5Hash !== md5)
    return failure(
      400,
      'invalid',
      `Provided MD5 hash "${md5Hash}" doesn't match calculated MD5 hash "${md5}".`,
    );
  const { contentType, metadata } = description;
  return {
    bytes,
    crc32c: sum,
    contentType: typeof contentType === 'string' ? contentType : 'application/octet-stream',
    metadata: (metadata ?? {}) as Record<string, string>,
  };
}
