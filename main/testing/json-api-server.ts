import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket.ts';
import {
  bucketPath,
  checkedBytes,
  failure,
  mediaHeaders,
  parseMultipart,
  resourceOf,
  type ApiFailure,
  type ApiReply,
} from './json-api-parts.ts';

/** The part of Cloud Storage's interfaces that the product uses, in memory, on loopback. */
export interface JsonApiServer {
  readonly endpoint: string;
  readonly buckets: Map<string, MemoryBucket>;
  /** Requests since the start, by method and first words of the path. */
  readonly requests: string[];
  stop(): Promise<void>;
}

export interface JsonApiServerOptions {
  /** Judges the bearer token of each request (an empty text when there is none); anything but null is the answer. */
  readonly authorize?: (token: string, request: IncomingMessage) => ApiFailure | null;
  /** Permissions that testPermissions grants. All of them unless given. */
  readonly granted?: readonly string[];
  /** How a bucket is set up, in the service's words; null when nobody may read it. Nothing beyond its name unless given. */
  readonly bucket?: Readonly<Record<string, unknown>> | null;
}

interface UploadSession {
  readonly bucket: MemoryBucket;
  readonly name: string;
  readonly expect: string;
  readonly description: Readonly<Record<string, unknown>>;
  readonly total: number;
  received: Buffer;
}

interface Call {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: Buffer;
}

/** Starts the server on a free port. Held to the object store contract through the adapter, like the third-party one. */
export async function startJsonApiServer(options: JsonApiServerOptions = {}): Promise<JsonApiServer> {
  const buckets = new Map<string, MemoryBucket>();
  const sessions = new Map<string, UploadSession>();
  const requests: string[] = [];
  let sessionCount = 0;

  function answer(call: Call): ApiReply {
    const { request, url } = call;
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const refusal = options.authorize?.(token, request) ?? null;
    if (refusal !== null) return failure(refusal.status, refusal.reason, refusal.message);
    const path = bucketPath(url.pathname);
    if (path === null) return failure(404, 'notFound', 'Not Found');
    if (path.kind === 'buckets') return makeBucket(call);
    const bucket = buckets.get(path.bucket);
    if (bucket === undefined)
      return path.kind === 'xml'
        ? {
            status: 404,
            type: 'application/xml',
            body: '<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist.</Message></Error>',
          }
        : failure(404, 'notFound', 'The specified bucket does not exist.');
    switch (path.kind) {
      case 'permissions': {
        const asked = url.searchParams.getAll('permissions');
        const permissions =
          options.granted === undefined ? asked : asked.filter((one) => options.granted?.includes(one));
        return { status: 200, json: { kind: 'storage#testIamPermissionsResponse', permissions } };
      }
      case 'bucket':
        return options.bucket === null
          ? failure(403, 'forbidden', 'The caller does not have storage.buckets.get access.')
          : { status: 200, json: { kind: 'storage#bucket', name: path.bucket, ...options.bucket } };
      case 'list':
        return list(bucket, url);
      case 'upload':
        return upload(bucket, call);
      case 'object':
        return readObject(
          bucket,
          path.name,
          call,
          url.searchParams.get('alt') === 'media' ? 'media' : 'facts',
        );
      case 'xml':
        return readObject(bucket, path.name, call, 'media');
      case 'rewrite':
        return rewrite(bucket, path.name, path.target, url);
    }
  }

  function makeBucket({ body }: Call): ApiReply {
    const { name } = JSON.parse(body.toString()) as { readonly name: string };
    if (buckets.has(name))
      return failure(409, 'conflict', 'Your previous request to create the named bucket succeeded');
    buckets.set(name, createMemoryBucket({ clock: createNodeClock() }));
    return { status: 200, json: { kind: 'storage#bucket', name } };
  }

  function list(bucket: MemoryBucket, url: URL): ApiReply {
    bucket.count('list');
    const prefix = url.searchParams.get('prefix') ?? '';
    const size = Math.min(Number(url.searchParams.get('maxResults') ?? '1000'), 1000);
    const token = url.searchParams.get('pageToken');
    const after = token === null ? '' : Buffer.from(token, 'base64url').toString();
    const names = bucket.names(prefix);
    const from =
      after === '' ? 0 : names.findIndex((name) => Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0);
    const page = from < 0 ? [] : names.slice(from, from + size);
    const last = page.at(-1);
    const more = last !== undefined && from + size < names.length;
    const items = page.map((name) => resourceOf(bucket.objects.get(name)!));
    const next = more ? { nextPageToken: Buffer.from(last).toString('base64url') } : {};
    return {
      status: 200,
      json: { kind: 'storage#objects', ...(items.length > 0 ? { items } : {}), ...next },
    };
  }

  function readObject(
    bucket: MemoryBucket,
    name: string,
    { request, url }: Call,
    what: 'facts' | 'media',
  ): ApiReply {
    bucket.count('read');
    const object = bucket.objects.get(name);
    const wanted = url.searchParams.get('ifGenerationMatch') ?? request.headers['x-goog-if-generation-match'];
    if (object === undefined) return failure(404, 'notFound', `No such object: ${name}`);
    if (wanted !== undefined && wanted !== null && wanted !== object.info.generation)
      return failure(
        412,
        'conditionNotMet',
        'At least one of the pre-conditions you specified did not hold.',
      );
    if (what === 'facts') return { status: 200, json: resourceOf(object) };
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? '0');
    if (from > 0 && from >= object.bytes.length) return failure(416, 'requestedRangeNotSatisfiable', 'Range');
    return {
      status: from > 0 ? 206 : 200,
      type: object.contentType,
      body: object.bytes.subarray(from),
      headers: mediaHeaders(object),
    };
  }

  function write(
    bucket: MemoryBucket,
    name: string,
    expect: string,
    description: Readonly<Record<string, unknown>>,
    bytes: Buffer,
  ): ApiReply {
    bucket.count('write');
    const checked = checkedBytes(description, bytes);
    if ('status' in checked) return checked;
    const outcome = bucket.write(
      name,
      expect === '' ? (bucket.objects.get(name)?.info.generation ?? '0') : expect,
      checked,
    );
    if (outcome.kind === 'written') return { status: 200, json: resourceOf(bucket.objects.get(name)!) };
    if (outcome.kind === 'throttled')
      return failure(
        429,
        'rateLimitExceeded',
        'The object exceeded the rate limit for object mutation operations.',
      );
    return failure(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.');
  }

  function upload(bucket: MemoryBucket, call: Call): ApiReply {
    const { url, request, body } = call;
    const session = sessions.get(url.searchParams.get('upload_id') ?? '');
    if (request.method === 'PUT' || request.method === 'DELETE') return continueUpload(session, call);
    const expect = url.searchParams.get('ifGenerationMatch') ?? '';
    if (url.searchParams.get('uploadType') === 'resumable') {
      const description = JSON.parse(body.toString()) as Record<string, unknown>;
      const name = url.searchParams.get('name') ?? String(description.name);
      if (expect !== '' && expect !== (bucket.objects.get(name)?.info.generation ?? '0'))
        return failure(
          412,
          'conditionNotMet',
          'At least one of the pre-conditions you specified did not hold.',
        );
      const id = `session-${++sessionCount}`;
      const total = Number(request.headers['x-upload-content-length'] ?? '-1');
      sessions.set(id, { bucket, name, expect, description, total, received: Buffer.alloc(0) });
      const location = new URL(url);
      location.searchParams.set('upload_id', id);
      return {
        status: 200,
        body: '',
        headers: { location: `${endpoint}${location.pathname}${location.search}` },
      };
    }
    const parts = parseMultipart(request.headers['content-type'] ?? '', body);
    if (parts === null) return failure(400, 'badRequest', 'Failed to parse the multipart body.');
    return write(
      bucket,
      url.searchParams.get('name') ?? String(parts.description.name),
      expect,
      parts.description,
      parts.bytes,
    );
  }

  function continueUpload(session: UploadSession | undefined, { url, request, body }: Call): ApiReply {
    if (session === undefined) return failure(404, 'notFound', 'Upload session not found');
    const id = url.searchParams.get('upload_id') ?? '';
    if (request.method === 'DELETE') {
      sessions.delete(id);
      return { status: 499, body: '' };
    }
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(request.headers['content-range'] ?? '');
    if (range === null) return failure(400, 'badRequest', 'Content-Range');
    const [, first, total] = range;
    // A repeated or overlapping chunk is taken from where it goes on; a gap is refused.
    if (first !== undefined && Number(first) <= session.received.length)
      session.received = Buffer.concat([
        session.received,
        body.subarray(session.received.length - Number(first)),
      ]);
    if (total !== '*' && session.received.length === Number(total)) {
      sessions.delete(id);
      return write(session.bucket, session.name, session.expect, session.description, session.received);
    }
    const stored = session.received.length;
    return { status: 308, body: '', headers: stored > 0 ? { range: `bytes=0-${stored - 1}` } : {} };
  }

  function rewrite(bucket: MemoryBucket, from: string, to: string, url: URL): ApiReply {
    const source = bucket.objects.get(from);
    if (source === undefined) return failure(404, 'notFound', `No such object: ${from}`);
    const wanted = url.searchParams.get('ifSourceGenerationMatch');
    if (wanted !== null && wanted !== source.info.generation)
      return failure(
        412,
        'conditionNotMet',
        'At least one of the pre-conditions you specified did not hold.',
      );
    const { contentType, bytes, info } = source;
    const written = write(
      bucket,
      to,
      url.searchParams.get('ifGenerationMatch') ?? '',
      { contentType, metadata: info.metadata, crc32c: info.crc32c },
      Buffer.from(bytes),
    );
    return written.status === 200
      ? { status: 200, json: { kind: 'storage#rewriteResponse', done: true, resource: written.json } }
      : written;
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (chunk: Buffer) => parts.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', endpoint);
      requests.push(`${request.method} ${url.pathname}`);
      send(request, response, answer({ request, url, body: Buffer.concat(parts) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    buckets,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(request: IncomingMessage, response: ServerResponse, reply: ApiReply): void {
  const wantsGzip =
    /gzip/.test(request.headers['accept-encoding'] ?? '') && /gzip/.test(request.headers['user-agent'] ?? '');
  const plain = reply.json === undefined ? (reply.body ?? '') : JSON.stringify(reply.json);
  const zipped = reply.json !== undefined && wantsGzip;
  const body = zipped ? gzipSync(plain) : Buffer.from(plain as string);
  response.writeHead(reply.status, {
    'content-type':
      reply.json === undefined ? (reply.type ?? 'text/plain') : 'application/json; charset=UTF-8',
    'content-length': body.length,
    ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    ...reply.headers,
  });
  response.end(body);
}
