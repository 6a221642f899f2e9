import type { LogStretch } from '../../../../shared/ipc/payloads.ts';

/** Default size of a `logs.read`, in bytes. */
export const STRETCH = 1024 * 1024;

/**
 * Extracts a range of a log's bytes without splitting a character: the end moves back to the start of one, and a start inside one moves
 * forward past it.
 * @param offset in bytes
 * @param length in bytes, at least 4, so that every character fits
 */
export function cutStretch(
  bytes: Uint8Array,
  offset: number,
  length: number,
): Pick<LogStretch, 'text' | 'offset' | 'length' | 'size' | 'next'> {
  const start = offset >= bytes.length ? bytes.length : (cutAt(bytes, offset)?.end ?? offset);
  const wanted = Math.min(bytes.length, start + length);
  const end = wanted === bytes.length ? wanted : (cutAt(bytes, wanted)?.start ?? wanted);
  // A byte order mark is part of the text: offsets must add up to the size.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end));
  return {
    text,
    offset: start,
    length: end - start,
    size: bytes.length,
    next: end < bytes.length ? end : null,
  };
}

/** Start and end of the character split at an offset; null when none is, which in invalid UTF-8 may be anywhere. */
function cutAt(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number } | null {
  if (!follows(bytes, at)) return null;
  // A character has at most three bytes after the first.
  for (let start = at - 1; start >= 0 && start >= at - 3; start--) {
    if (follows(bytes, start)) continue;
    const first = bytes[start] ?? 0;
    const end = start + (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);
    return at < end ? { start, end: Math.min(end, bytes.length) } : null;
  }
  return null;
}

function follows(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80;
}
