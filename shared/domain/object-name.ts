import { utf8Length } from './log-path.ts';

/** Cloud Storage's limit for the whole name, in UTF-8 bytes; all stores use this tightest one. */
const MAX_NAME_BYTES = 1024;
/** Cloud Storage's limit for all keys and values of one object. */
const MAX_METADATA_BYTES = 8192;
// Cloud Storage rejects CR and LF; the other controls and lone surrogates are legal nowhere we want to be.
const UNSTORABLE = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/**
 * Describes why a name cannot be an object of any store; null when it can. A folder store rejects more. Source:
 * https://cloud.google.com/storage/docs/objects#naming
 */
export function objectNameProblem(name: string): string | null {
  if (name === '') return 'it is empty';
  if (name === '.' || name === '..') return 'it is a dot name';
  if (name.startsWith('.well-known/acme-challenge/')) return 'Cloud Storage reserves its prefix';
  if (UNSTORABLE.test(name)) return 'it has a control character or half a surrogate pair';
  if (utf8Length(name) > MAX_NAME_BYTES) return `it is longer than ${MAX_NAME_BYTES} bytes`;
  return null;
}

/** Describes why metadata cannot be stored with an object; null when it can: keys `[a-z0-9-]+`, printable ASCII values, 8 KiB in total. */
export function objectMetadataProblem(metadata: Readonly<Record<string, string>>): string | null {
  let bytes = 0;
  for (const [key, value] of Object.entries(metadata)) {
    if (!/^[a-z0-9-]+$/.test(key)) return 'a metadata key has other characters than a-z, 0-9 and "-"';
    if (!/^[\u0020-\u007e]*$/.test(value)) return `the metadata value of "${key}" is not printable ASCII`;
    // Leading and trailing whitespace in headers is dropped in transit, so it could not be read back.
    if (value !== value.trim()) return `the metadata value of "${key}" starts or ends with a space`;
    bytes += key.length + value.length;
  }
  return bytes > MAX_METADATA_BYTES ? `its metadata is larger than ${MAX_METADATA_BYTES} bytes` : null;
}

/**
 * Compares names by their UTF-8 bytes, as stores list them. JavaScript compares UTF-16 units, which differs where
 * surrogate pairs (U+10000 and up) meet U+E000 to U+FFFF.
 */
export function compareObjectNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    const [high, low] = [isSurrogate(x), isSurrogate(y)];
    return high === low ? x - y : high ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
