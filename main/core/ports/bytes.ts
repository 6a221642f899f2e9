/** Digests and compression, as core may know them. */
export interface Bytes {
  /** SHA-256 in lower-case hexadecimal. */
  sha256(bytes: Uint8Array): string;
  /** SHA-256 over pieces, for what does not fit in memory. */
  sha256Stream(): { update(bytes: Uint8Array): void; hex(): string };
  /** HMAC-SHA-256 in lower-case hexadecimal. */
  hmac(key: string, text: string): string;
  /**
   * A text that only who has the key can read and make (AES-256-GCM), as base64.
   * @param key 64 hexadecimal digits
   */
  lock(key: string, text: string): string;
  /** Undoes {@link lock}; null for what was not made with that key. */
  unlock(key: string, text: string): string | null;
  /** @param level 1 to 9, 6 by itself. Text at 4 takes little more than half the time of 6, and a twentieth more room. */
  gzip(bytes: Uint8Array, level?: number): Promise<Uint8Array>;
  /**
   * Undoes {@link gzip}.
   * @param limit refuse to produce more bytes than this (a hostile object may expand without end)
   * @returns null when the bytes are no gzip or exceed the limit
   */
  gunzip(bytes: Uint8Array, limit: number): Promise<Uint8Array | null>;
  /** UTF-8 with one character for each byte (ISO 8859-1), to find one's way in it; null when the bytes are no UTF-8. */
  oneByteText(bytes: Uint8Array): string | null;
}
