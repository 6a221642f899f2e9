import { useSyncExternalStore } from 'react';

/** One pane at a time below this width: a small window, or a large one at 200 % zoom. */
const NARROW = '(max-width: 56rem)';

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** True when panes do not fit side by side. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(NARROW).matches);
}
