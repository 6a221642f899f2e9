import { en } from '../../shared/i18n/en.ts';
import type { FinishedOperation, OperationKind } from '../../shared/ipc/operation.ts';
import { parseHash, type Route } from '../../shared/ipc/route.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import type { SyncActions } from '../data/use-sync-actions.ts';
import { Notices } from '../features/notices/notices.tsx';
import type { Toast } from '../ui/toaster.tsx';

/** How requested work ended, with the remedy as a button. */
export function PanelNotices(props: {
  readonly status: StatusSnapshot | null;
  readonly actions: SyncActions;
  readonly onGo: (route: Route) => void;
}) {
  const { status, actions, onGo } = props;
  const remedyOf = (operation: FinishedOperation): Toast['action'] | undefined => {
    // It will be retried automatically.
    if (operation.outcome === 'deferred') return undefined;
    const item = status?.attention.find(({ error }) => error.message === operation.error?.message);
    const place = item === undefined || item.route === null ? null : parseHash(item.route);
    if (place !== null)
      return {
        label: place.view === 'settings' ? en.panel.toSettings : en.panel.show,
        run: () => onGo(place),
      };
    const again = AGAIN[operation.kind];
    if (item !== undefined || operation.outcome === 'partial' || again === undefined)
      return { label: en.sync.seeDetails, run: () => onGo({ view: 'sync' }) };
    return { label: en.common.tryAgain, run: () => again(actions) };
  };
  return <Notices onGo={onGo} remedyOf={remedyOf} />;
}

/** What can be started again from here. */
const AGAIN: Partial<Record<OperationKind, (actions: SyncActions) => void>> = {
  push: (actions) => actions.push(),
  index: (actions) => actions.index(),
  full: (actions) => actions.full(),
  'git-sync': (actions) => actions.gitSync(),
};
