import { ok } from '../../shared/result.ts';
import type { MachineKeys } from '../core/ports/machine-keys.ts';

/** Stands for the keys of a machine: what they seal is what they were given, reversed. */
export function reversingKeys(): MachineKeys {
  return {
    recipient: async () => ok('age1test'),
    seal: async (plain) => ok(Uint8Array.from(plain).reverse()),
    open: async (sealed) => ok(Uint8Array.from(sealed).reverse()),
  };
}
