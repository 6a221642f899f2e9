/** Digests and compression for core. */
export interface Bytes {
  /** SHA-256 in lower-case hexadecimal. */
  sha256(bytes: Uint8Array): string;
  /** SHA-256 in chunks, for what does not fit in memory. */
  sha256Stream(): { update(bytes: Uint8Array): void; hex(): string };
  /** HMAC-SHA-256 in lower-case hexadecimal. */
  hmac(key: string, text: string): string;
  /**
   * Encrypts a text with AES-256-GCM; only the key reads or makes it. Base64.
   * @param key 64 hexadecimal digits
   */
  lock(key: string, text: string): string;
  /** Decrypts {@link lock}; null if not made with that key. */
  unlock(key: string, text: string): string | null;
  /** @param level 1 to 9, default 6. On text, 4 takes little more than half the time of 6 and a twentieth more space, 5 two thirds and a hundredth. */
  gzip(bytes: Uint8Array, level?: number): Promise<Uint8Array>;
  /** {@link gzip} piece by piece. */
  gzipParts(level: number): Gzipping;
  /**
   * Decompresses {@link gzip}.
   * @param limit most bytes to produce (a hostile object may expand without end)
   * @returns null when the bytes are not gzip or exceed the limit
   */
  gunzip(bytes: Uint8Array, limit: number): Promise<Uint8Array | null>;
  /** Decodes UTF-8 to one character per byte (ISO 8859-1), for navigating it; null when the bytes are not UTF-8. */
  oneByteText(bytes: Uint8Array): string | null;
}

/** A compression that goes on while its next bytes are prepared. */
export interface Gzipping {
  /** @returns when the bytes are compressed: to be awaited before the next ones, or they pile up */
  add(bytes: Uint8Array): Promise<void>;
  /** @returns everything added, compressed; it takes no more */
  end(): Promise<Uint8Array>;
}
