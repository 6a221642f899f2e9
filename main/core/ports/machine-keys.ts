import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';

/** This machine's age identity, created on first use. Its secret is never exposed. */
export interface MachineKeys {
  /** `age1…`: only this machine opens what is sealed to it. Also in machine-id.json. */
  recipient(): Promise<Result<string, AppError>>;
  /**
   * Seals to this machine.
   * @param alsoTo more recipients (`age1…`): the owner's other machines
   */
  seal(plain: Uint8Array, alsoTo?: readonly string[]): Promise<Result<Uint8Array, AppError>>;
  /** @returns `denied` when sealed to other machines only; `corrupt` when truncated or altered */
  open(sealed: Uint8Array): Promise<Result<Uint8Array, AppError>>;
}
