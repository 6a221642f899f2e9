import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { Finding } from '../../../shared/secrets/finding.ts';

/** Finds what counts as a secret on this machine: all that the scanner finds but what a person has said is none. */
export interface SecretWatch {
  /** As `SecretScanner.find`. */
  find(bytes: Uint8Array, signal?: AbortSignal): Promise<Result<readonly Finding[], AppError>>;
  /** By what people name a value without saying it. Stays on this machine. */
  idOf(value: Uint8Array): string;
}
