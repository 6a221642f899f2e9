import { appError } from '../../shared/app-error.ts';
import { err, ok } from '../../shared/result.ts';
import type { Keychain } from '../core/ports/keychain.ts';

/** A keychain in memory, and how it behaves. */
export interface MemoryKeychain extends Keychain {
  readonly kept: Map<string, string>;
  /** `forgetful` takes a secret and does not have it afterwards, as the kernel's keyring after a restart. */
  mode: 'open' | 'absent' | 'locked' | 'late' | 'forgetful';
}

/** Makes an empty one. */
export function createMemoryKeychain(mode: MemoryKeychain['mode'] = 'open'): MemoryKeychain {
  const keychain: MemoryKeychain = {
    mode,
    kept: new Map(),
    read: async (name) => refusal() ?? ok(keychain.kept.get(name) ?? null),
    write: async (name, secret) => {
      const refused = refusal();
      if (refused !== null) return refused;
      if (keychain.mode !== 'forgetful') keychain.kept.set(name, secret);
      return ok(undefined);
    },
  };
  function refusal() {
    if (keychain.mode === 'absent')
      return err(appError('not-configured', 'This system has no keychain.', 'Sign in to the desktop.'));
    if (keychain.mode === 'locked') return err(appError('denied', 'The keychain is locked.', 'Unlock it.'));
    if (keychain.mode === 'late')
      return err(appError('timeout', 'The keychain did not answer.', 'Unlock it.', { transient: true }));
    return null;
  }
  return keychain;
}
