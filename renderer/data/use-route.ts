import { useCallback, useMemo, useSyncExternalStore } from 'react';
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
