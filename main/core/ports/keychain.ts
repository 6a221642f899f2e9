import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';

/**
 * Where the system keeps secrets of the person who is signed in. Every call settles within a few seconds. Failure codes: `not-configured`
 * (there is none here), `denied` (it is locked, or refuses), `timeout` (it does not answer).
 */
export interface Keychain {
  /** @returns null when nothing is kept under that name */
  read(name: string): Promise<Result<string | null, AppError>>;
  write(name: string, secret: string): Promise<Result<void, AppError>>;
}
