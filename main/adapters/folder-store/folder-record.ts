import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { crc32cFromBase64 } from '../../../shared/domain/checksum.ts';

/** The name of the record inside a slot. */
export const RECORD_FILE = 'record.json';
/** Metadata is at most 8 KiB and a name 1 KiB; escapes may multiply them. */
export const MAX_RECORD_BYTES = 64 * 1024;

/** What the store records about one write of one object. */
export interface FolderRecord extends ObjectInfo {
  readonly contentType: string;
  /** Drawn by the writer; names the staged bytes, so that no two writes can be confused. */
  readonly nonce: string;
}

/** Serializes a record. */
export function encodeRecord(record: FolderRecord): Uint8Array {
  const { name, generation, size, crc32c, updated, contentType, metadata, nonce } = record;
  const plain = { schema: 1, name, generation, size, crc32c, updated, contentType, metadata, nonce };
  return new TextEncoder().encode(`${JSON.stringify(plain)}\n`);
}

/** Parses a record; null when invalid. Every field is checked: other machines and other programs write this folder too. */
export function decodeRecord(bytes: Uint8Array): FolderRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { name, generation, size, crc32c, updated, contentType, metadata, nonce } = value as Record<
    string,
    unknown
  >;
  if (typeof name !== 'string' || typeof contentType !== 'string') return null;
  if (typeof generation !== 'string' || !/^[1-9]\d{0,18}$/.test(generation)) return null;
  if (!isCount(size) || !isCount(updated)) return null;
  if (typeof crc32c !== 'string' || crc32cFromBase64(crc32c) === null) return null;
  // The nonce becomes part of a path.
  if (typeof nonce !== 'string' || !/^[0-9a-f]{24}$/.test(nonce)) return null;
  if (typeof metadata !== 'object' || metadata === null) return null;
  const entries = Object.entries(metadata);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return null;
  return {
    name,
    generation,
    size,
    crc32c,
    updated,
    contentType,
    nonce,
    metadata: Object.fromEntries(entries),
  };
}

/** The part of a record exposed by the port. */
export function infoOf(record: FolderRecord): ObjectInfo {
  const { name, generation, size, crc32c, updated, metadata } = record;
  return { name, generation, size, crc32c, updated, metadata };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
