import { plural } from '../../../shared/format/amount.ts';

/**
 * The message about text packs not stored as published, and the remedy.
 * @param count of them; at least one
 */
export function damagedTexts(count: number): { readonly message: string; readonly remedy: string } {
  const are = count === 1 ? 'is' : 'are';
  return {
    message: `${plural(count, 'text pack')} of this machine ${are} missing from the store or damaged there, so others cannot find the logs in ${count === 1 ? 'it' : 'them'}.`,
    remedy: 'Run `session-log sync --full`: it makes the packs anew.',
  };
}
