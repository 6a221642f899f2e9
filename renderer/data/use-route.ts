import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { NO_FILTERS, readFilters, writeFilters, type ListFilters } from '../../shared/ipc/list-filters.ts';
import { hashOf, parseHash, type Route } from '../../shared/ipc/route.ts';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** Where the window is, by its hash: back, forward, bookmarks and links from the tray all work alike. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseHash(hash) ?? { view: 'logs' }, [hash]);
}

/** Goes to a place. With `replace` the place before it is not kept in the history. */
export function useGo(): (route: Route, how?: 'replace') => void {
  return useCallback((route, how) => {
    const hash = hashOf(route);
    if (window.location.hash === hash) return;
    if (how === 'replace') {
      window.history.replaceState(null, '', hash);
      // replaceState tells nobody.
      window.dispatchEvent(new HashChangeEvent('hashchange'));
    } else window.location.hash = hash;
  }, []);
}

/**
 * What the list is filtered by: the address says it while the list is shown, so that Back undoes a filter, a reload keeps it and a bookmark
 * holds it. In the other views it is what the list had last.
 */
export function useListFilters(route: Route): ListFilters {
  const [last, setLast] = useState('');
  const now = route.view === 'logs' ? writeFilters(route.filters ?? NO_FILTERS) : last;
  if (now !== last) setLast(now);
  // The same object while the words are the same: going from log to log is no other list.
  return useMemo(() => readFilters(now), [now]);
}

/** Changes what the list is filtered by. Each choice is a step back in the history; words that are being typed are one. */
export function useChangeFilters(): (filters: ListFilters) => void {
  const go = useGo();
  return useCallback(
    (filters) => {
      const here = parseHash(window.location.hash);
      const place = here?.view === 'logs' ? here : { view: 'logs' as const };
      const before = place.filters ?? NO_FILTERS;
      const types = before.text !== '' && filters.text !== '' && before.text !== filters.text;
      go({ ...place, filters }, types ? 'replace' : undefined);
    },
    [go],
  );
}
