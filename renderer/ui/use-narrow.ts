import { useSyncExternalStore } from 'react';

/** One pane at a time below this width: a small window, or a large one at 200 % zoom. */
const NARROW = '(max-width: 56rem)';

/** Less than 700 pixels: a small window, or a large one at 200 % zoom, where every line above a list costs it a row. */
const SHORT = '(max-height: 43.7rem)';

const subscribeTo =
  (media: string) =>
  (listener: () => void): (() => void) => {
    const query = window.matchMedia(media);
    query.addEventListener('change', listener);
    return () => query.removeEventListener('change', listener);
  };
const subscribeNarrow = subscribeTo(NARROW);
const subscribeShort = subscribeTo(SHORT);

/** True when panes do not fit side by side. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribeNarrow, () => window.matchMedia(NARROW).matches);
}

/** True when there is little vertical space. */
export function useShort(): boolean {
  return useSyncExternalStore(subscribeShort, () => window.matchMedia(SHORT).matches);
}
