import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { NO_FILTERS, readFilters, writeFilters, type ListFilters } from '../../shared/ipc/list-filters.ts';
import { hashOf, parseHash, type Route } from '../../shared/ipc/route.ts';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** The window's place, by its hash: back, forward, bookmarks and links from the tray all work alike. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseHash(hash) ?? { view: 'logs' }, [hash]);
}

/** Goes to a place. With `replace` the previous place is not kept in the history. */
export function useGo(): (route: Route, how?: 'replace') => void {
  return useCallback((route, how) => {
    const hash = hashOf(route);
    if (window.location.hash === hash) return;
    if (how === 'replace') {
      window.history.replaceState(null, '', hash);
      // replaceState fires no event.
      window.dispatchEvent(new HashChangeEvent('hashchange'));
    } else window.location.hash = hash;
  }, []);
}

/**
 * The list's filters: in the address while the list is shown, so that Back undoes a filter, and reloads and bookmarks preserve it. In other
 * views they are the list's last ones.
 */
export function useListFilters(route: Route): ListFilters {
  const [last, setLast] = useState('');
  const now = route.view === 'logs' ? writeFilters(route.filters ?? NO_FILTERS) : last;
  if (now !== last) setLast(now);
  // The same object while the words are the same: going from log to log does not change the list.
  return useMemo(() => readFilters(now), [now]);
}

/** Changes the list's filters. Each choice is a step in the history; words being typed are one. */
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
