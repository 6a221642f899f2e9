import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';

/** The age identity of this machine, made at the first need. Its secret is given to nobody. */
export interface MachineKeys {
  /** `age1…`: what is sealed to it only this machine opens. It stands in machine-id.json too. */
  recipient(): Promise<Result<string, AppError>>;
  /**
   * Seals to this machine.
   * @param alsoTo recipients (`age1…`) that can open it too: the other machines of its owner
   */
  seal(plain: Uint8Array, alsoTo?: readonly string[]): Promise<Result<Uint8Array, AppError>>;
  /** @returns `denied` when it was sealed to other machines only; `corrupt` when it is cut or changed */
  open(sealed: Uint8Array): Promise<Result<Uint8Array, AppError>>;
}
