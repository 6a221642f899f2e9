import type { Answer } from '../../../shared/app-error.ts';

/** This machine's age identity, created on first use. Its secret is never exposed. */
export interface MachineKeys {
  /** `age1…`: only this machine opens what is sealed to it. Also in machine-id.json. */
  recipient(): Answer<string>;
  /**
   * Seals to this machine.
   * @param alsoTo more recipients (`age1…`): the owner's other machines
   */
  seal(plain: Uint8Array, alsoTo?: readonly string[]): Answer<Uint8Array>;
  /** @returns `denied` when sealed to other machines only; `corrupt` when truncated or altered */
  open(sealed: Uint8Array): Answer<Uint8Array>;
}
