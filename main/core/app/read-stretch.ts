import type { LogStretch } from '../../../shared/ipc/payloads.ts';

/** `logs.read` gives this much unless told otherwise, in bytes. */
export const STRETCH = 1024 * 1024;

/**
 * Cuts a stretch of text out of a log's bytes, never through a character: the end moves back to where one begins, and a start inside
 * one moves forward behind it.
 * @param offset in bytes
 * @param length in bytes, at least 4, so that every character fits
 */
export function cutStretch(
  bytes: Uint8Array,
  offset: number,
  length: number,
): Pick<LogStretch, 'text' | 'offset' | 'length' | 'size' | 'next'> {
  const start = offset >= bytes.length ? bytes.length : offset === 0 ? 0 : forward(bytes, offset);
  const wanted = Math.min(bytes.length, start + length);
  const end = wanted === bytes.length ? wanted : back(bytes, wanted, start);
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

/** A character has at most three bytes after its first; more of them are no UTF-8 and are cut anywhere. */
const MOST_FOLLOWING = 3;

function follows(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80;
}

function forward(bytes: Uint8Array, offset: number): number {
  let at = offset;
  while (at < bytes.length && at - offset < MOST_FOLLOWING && follows(bytes, at)) at++;
  return at < bytes.length && follows(bytes, at) ? offset : at;
}

function back(bytes: Uint8Array, wanted: number, start: number): number {
  let at = wanted;
  while (at > start && wanted - at < MOST_FOLLOWING && follows(bytes, at)) at--;
  return at === start || follows(bytes, at) ? wanted : at;
}
