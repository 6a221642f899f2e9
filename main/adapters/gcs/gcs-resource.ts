import type { ObjectInfo } from '../../core/ports/object-store.ts';
import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../../../shared/json.ts';

/** The metadata fields we request for an object. */
export const OBJECT_FIELDS = 'name,generation,size,crc32c,updated,metadata';

/** Parses an object resource of the JSON API; null when invalid (a truncated or foreign response). */
export function parseObject(value: unknown, prefix: string): ObjectInfo | null {
  if (!isObject(value)) return null;
  const { name, generation, size, crc32c, updated, metadata } = value;
  const count = Number(size);
  const time = Date.parse(String(updated));
  if (typeof name !== 'string' || !name.startsWith(prefix)) return null;
  if (typeof generation !== 'string' || !/^\d{1,19}$/.test(generation)) return null;
  if (!Number.isSafeInteger(count) || count < 0 || !Number.isFinite(time)) return null;
  // Objects under a customer-supplied key do not show their checksum; they are not ours, but no reason to fail a
  // listing.
  const crc = typeof crc32c === 'string' ? crc32c : '';
  return {
    name: name.slice(prefix.length),
    generation,
    size: count,
    crc32c: crc,
    updated: time,
    metadata: plainMetadata(metadata),
  };
}

function plainMetadata(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

/** The facts that accompany an object's bytes. `updated` has second precision there. Null when the response is not the service's. */
export function infoFromHeaders(name: string, headers: IncomingHttpHeaders): ObjectInfo | null {
  const single = (key: string): string => {
    const value = headers[key];
    return typeof value === 'string' ? value : (value?.join(',') ?? '');
  };
  const generation = single('x-goog-generation');
  const crc32c = /(?:^|,)\s*crc32c=([A-Za-z0-9+/=]+)/.exec(single('x-goog-hash'))?.[1] ?? '';
  const length = single('x-goog-stored-content-length') || single('content-length');
  const size = Number(length);
  const updated = Date.parse(single('last-modified'));
  if (!/^\d{1,19}$/.test(generation) || crc32c === '' || length === '') return null;
  if (!Number.isSafeInteger(size) || !Number.isFinite(updated)) return null;
  const metadata: Record<string, string> = {};
  for (const key of Object.keys(headers))
    if (key.startsWith('x-goog-meta-')) metadata[key.slice('x-goog-meta-'.length)] = single(key);
  return { name, generation, size, crc32c, updated, metadata };
}
