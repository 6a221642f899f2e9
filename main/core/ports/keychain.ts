import type { Answer } from '../../../shared/app-error.ts';

/**
 * The system's secret storage for the signed-in person. Every call settles within a few seconds. Failure codes: `not-configured` (none
 * here), `denied` (locked, or refuses), `timeout` (no answer).
 */
export interface Keychain {
  /** @returns null when nothing is kept under that name */
  read(name: string): Answer<string | null>;
  write(name: string, secret: string): Answer<void>;
}
