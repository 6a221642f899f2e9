import { plural } from '../../../shared/format/amount.ts';

/**
 * What is to be said of text packs that are not in the store as they were published, and the step that sets it right.
 * @param count of them; at least one
 */
export function damagedTexts(count: number): { readonly message: string; readonly remedy: string } {
  const are = count === 1 ? 'is' : 'are';
  return {
    message: `${plural(count, 'text pack')} of this machine ${are} missing from the store or damaged there, so others cannot find the logs in ${count === 1 ? 'it' : 'them'}.`,
    remedy: 'Run `session-log sync --full`: it makes the packs anew.',
  };
}
