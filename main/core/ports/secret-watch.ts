import type { Answer } from '../../../shared/app-error.ts';
import type { Finding } from '../../../shared/secrets/finding.ts';

/** One that was found, with its value. */
export interface FoundSecret extends Finding {
  readonly value: Uint8Array;
}

/** Findings in bytes that may no longer be available. */
export interface FoundInStream {
  /** Their first bytes, which tell the encoding. */
  readonly start: Uint8Array;
  readonly found: readonly FoundSecret[];
  /** Whether the scanner found nothing at all, whatever a person decided. */
  readonly isClean: boolean;
}

/** Finds what counts as a secret on this machine: the scanner's findings minus what a person marked as none. */
export interface SecretWatch {
  /** As `SecretScanner.find`. */
  find(bytes: Uint8Array, signal?: AbortSignal): Answer<readonly Finding[]>;
  /** An id for a value that does not reveal it. Stays on this machine. */
  idOf(value: Uint8Array): string;
}

/** One that also looks through what comes in chunks. */
export interface StreamWatch extends SecretWatch {
  /** As `find`, with the values. */
  findWithValues(bytes: Uint8Array, signal?: AbortSignal): Answer<FoundInStream>;
  /** As `find`, for what does not fit in memory: a piece of it is held at a time. */
  findInStream(chunks: AsyncIterable<Uint8Array>, signal?: AbortSignal): Answer<FoundInStream>;
}
