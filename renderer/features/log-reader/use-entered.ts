import { useEffect, useEffectEvent } from 'react';
import type { LogId } from '../../../shared/domain/ids.ts';

/** The log that a person has entered from the list; another object each time. */
export interface EnteredLog {
  readonly log: LogId;
}

/**
 * Moves the focus to a log that was entered: at once, or as soon as it can be shown, unless a person has gone elsewhere meanwhile.
 * @param shown the log that can be shown now
 */
export function useEntered(entered: EnteredLog | null, shown: LogId | null, focus: () => void): void {
  const take = useEffectEvent(focus);
  useEffect(() => {
    if (entered === null || entered.log !== shown) return;
    const { activeElement } = document;
    const isWaiting =
      activeElement === null ||
      activeElement === document.body ||
      activeElement.getAttribute('role') === 'listbox';
    if (isWaiting) take();
  }, [entered, shown]);
}
