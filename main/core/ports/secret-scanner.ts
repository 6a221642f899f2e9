import type { Answer } from '../../../shared/app-error.ts';
import type { Finding } from '../../../shared/secrets/finding.ts';

/** Finds secrets in outgoing bytes. */
export interface SecretScanner {
  /**
   * Offsets are in bytes. The same bytes give the same findings; those of a longer text begin with those of what it has grown from.
   * @param bytes of a log: UTF-8, UTF-16 with its byte order mark, or anything
   * @param options.isPiece of a longer text, with what stands around it: it is not cut into pieces
   * @returns sorted, none overlapping another; `timeout` when it took too long, `cancelled`
   */
  find(
    bytes: Uint8Array,
    signal?: AbortSignal,
    options?: { readonly isPiece?: boolean },
  ): Answer<readonly Finding[]>;
  /** Ends its thread. */
  close(): Promise<void>;
}
