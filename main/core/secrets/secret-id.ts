import type { Bytes } from '../ports/bytes.ts';

/** By what people name a secret without saying it: the first digits of its SHA-256. It stays on this machine. */
export function secretId({ sha256 }: Pick<Bytes, 'sha256'>, value: Uint8Array): string {
  return sha256(value).slice(0, 8);
}

/** A value of which each character is a byte, as bytes. */
export function bytesOfValue(value: string): Uint8Array {
  return Uint8Array.from(value, (character) => character.charCodeAt(0));
}
