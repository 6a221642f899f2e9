import type { Bytes } from '../ports/bytes.ts';

/** An id that names a secret without revealing it: the first digits of its SHA-256. It stays on this machine. */
export function secretId({ sha256 }: Pick<Bytes, 'sha256'>, value: Uint8Array): string {
  return sha256(value).slice(0, 8);
}

/** A kept value as displayed text, in its log's encoding. */
export function textOfValue(value: string): string {
  const encoding = value[1] === '\0' ? 'utf-16le' : value[0] === '\0' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytesOfValue(value));
}

/** Converts a value of one character per byte to bytes. */
export function bytesOfValue(value: string): Uint8Array {
  return Uint8Array.from(value, (character) => character.charCodeAt(0));
}
