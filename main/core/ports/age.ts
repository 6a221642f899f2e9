import type { Result } from '../../../shared/result.ts';

/** An age identity: its secret opens what is sealed to its recipient. */
export interface AgeKey {
  /** `AGE-SECRET-KEY-1…` */
  readonly secret: string;
  /** `age1…`; public. */
  readonly recipient: string;
}

/** `foreign`: sealed, but to none of the given secrets. `damaged`: truncated, altered, or not written by age. */
export type AgeFailure = 'foreign' | 'damaged';

/** An opened sealed body. */
export interface Opened {
  readonly plain: Uint8Array;
  /** Plaintext in the header that cannot be changed without the key; null when none of it is ours. */
  readonly label: Uint8Array | null;
}

export interface OpenedStream {
  readonly label: Uint8Array | null;
  /** Throws when a later part is truncated or altered; discard everything received before. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The `age` format (age-encryption.org/v1), X25519 only: the program `age` opens what is sealed here with the secret, and vice versa. */
export interface Age {
  newKey(): Promise<AgeKey>;
  /** Returns a secret's recipient; null if invalid. */
  recipientOf(secret: string): Promise<string | null>;
  /** Eight words of a recipient's fingerprint for two people to compare; another recipient matches with odds of 1 in 2^88. */
  words(recipient: string): Promise<readonly string[]>;
  /**
   * Seals bytes held in memory.
   * @param to recipients `age1…`, at least one; each can open it alone
   * @param label put into the header beside them; `age` skips it
   * @throws RangeError for an invalid recipient: callers have checked them
   */
  seal(plain: Uint8Array, to: readonly string[], label?: Uint8Array): Promise<Uint8Array>;
  open(sealed: Uint8Array, secrets: readonly string[]): Promise<Result<Opened, AgeFailure>>;
  /** As {@link seal} for what does not fit in memory. */
  sealStream(
    plain: AsyncIterable<Uint8Array>,
    to: readonly string[],
    label?: Uint8Array,
  ): Promise<AsyncIterable<Uint8Array>>;
  /** As {@link open} for what does not fit in memory. */
  openStream(
    sealed: AsyncIterable<Uint8Array>,
    secrets: readonly string[],
  ): Promise<Result<OpenedStream, AgeFailure>>;
}
