import type { Result } from '../../../shared/result.ts';

/** An age identity: who has the secret opens what was sealed to the recipient. */
export interface AgeKey {
  /** `AGE-SECRET-KEY-1…` */
  readonly secret: string;
  /** `age1…`, which everybody may know. */
  readonly recipient: string;
}

/** `foreign`: sealed, but to nobody whose secret was given. `damaged`: cut, changed, or nothing that age wrote. */
export type AgeFailure = 'foreign' | 'damaged';

/** What was sealed, opened. */
export interface Opened {
  readonly plain: Uint8Array;
  /** What stands readable in the header and cannot be changed without the key; null when there is nothing of ours. */
  readonly label: Uint8Array | null;
}

export interface OpenedStream {
  readonly label: Uint8Array | null;
  /** Throws when a later part is cut or changed: nothing that came before may be used then. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * The format of `age` (age-encryption.org/v1), X25519 only: what is sealed here opens with the program `age` and the secret, and the other
 * way round.
 */
export interface Age {
  newKey(): Promise<AgeKey>;
  /** The recipient of a secret; null when it is none. */
  recipientOf(secret: string): Promise<string | null>;
  /** Eight words of a recipient's fingerprint, for two people to compare: the chance that another has the same is one in 2^88. */
  words(recipient: string): Promise<readonly string[]>;
  /**
   * Seals bytes that are in memory.
   * @param to recipients `age1…`, at least one; each can open it alone
   * @param label put into the header beside them; `age` reads past it
   * @throws RangeError when one is no recipient: callers have checked them
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
