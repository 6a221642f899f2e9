import { en } from '../../shared/i18n/en.ts';
import type { FinishedOperation } from '../../shared/ipc/operation.ts';
import type { Route } from '../../shared/ipc/route.ts';
import { useGo, useRoute } from '../data/use-route.ts';
import { Notices } from '../features/notices/notices.tsx';

/** The log browser's messages: those the open view does not show itself. */
export function WindowNotices() {
  const route = useRoute();
  const go = useGo();
  return (
    <Notices
      onGo={go}
      isDrawn={(operation) => isDrawn(operation, route)}
      isOpen={(place) => place.view === 'sync' && route.view === 'sync'}
      remedyOf={() => ({ label: en.sync.seeDetails, run: () => go({ view: 'sync' }) })}
    />
  );
}

function isDrawn({ outcome, deferral, kind, subject }: FinishedOperation, route: Route): boolean {
  // Shown beside the button that started it, whatever the outcome.
  if (kind === 'capture' && (route.view === 'sessions' || route.view === 'welcome')) return true;
  const isBad =
    outcome === 'failed' || outcome === 'partial' || (outcome === 'deferred' && deferral === null);
  if (!isBad) return false;
  if (route.view === 'sync' || route.view === 'welcome') return true;
  return (
    kind === 'pull' && subject !== null && route.view === 'logs' && route.log?.endsWith(subject) === true
  );
}
