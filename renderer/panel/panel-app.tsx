import { useCallback, useEffect, type ReactNode } from 'react';
import { dayOf } from '../../shared/format/time.ts';
import { en } from '../../shared/i18n/en.ts';
import { hashOf, type Route } from '../../shared/ipc/route.ts';
import { ApiProvider, useConnectionLost, type Link } from '../data/api-context.tsx';
import { useNow } from '../data/use-now.ts';
import { useAction } from '../data/call.ts';
import { useAppInfo, useStatus } from '../data/use-status.ts';
import { useTheme } from '../data/use-theme.ts';
import { useSyncActions } from '../data/use-sync-actions.ts';
import { useToastFailure } from '../ui/remedy.tsx';
import { Toaster } from '../ui/toaster.tsx';
import { Callout, Skeleton } from '../ui/state.tsx';
import { Remedies } from '../remedies.tsx';
import styles from './panel-app.module.css';
import { PanelActions, PanelFooter } from './panel-actions.tsx';
import { PanelHeader } from './panel-header.tsx';
import { PanelNews } from './panel-news.tsx';
import { PanelNotices } from './panel-notices.tsx';
import { PanelPlaces } from './panel-places.tsx';
import { PanelSearch } from './panel-search.tsx';
import { PanelRecent } from './panel-recent.tsx';
import { PanelSessions } from './panel-sessions.tsx';

/** The small window at the tray: the overall state, the last logs, and the buttons. */
export function PanelApp(props: { readonly link: Link }) {
  return (
    <ApiProvider link={props.link}>
      <Toaster>
        <PanelRemedies>
          <Panel />
        </PanelRemedies>
      </Toaster>
    </ApiProvider>
  );
}

/** Returns a function that shows a place in the log browser. */
function useOpen(): (route: Route) => void {
  const { mutate: open } = useAction('app.openBrowser');
  return useCallback((route) => open({ route: hashOf(route) }), [open]);
}

function PanelRemedies(props: { readonly children: ReactNode }) {
  return <Remedies go={useOpen()}>{props.children}</Remedies>;
}

function Panel() {
  const status = useStatus();
  const info = useAppInfo();
  const lost = useConnectionLost();
  const actions = useSyncActions(useToastFailure());
  const go = useOpen();
  useTheme();
  useEscapeHides();
  const timeZone = info?.timeZone ?? 'UTC';
  const today = dayOf(useNow(), timeZone);
  return (
    <div className={styles.panel}>
      <PanelNotices status={status} actions={actions} onGo={go} />
      {lost ? (
        <Callout tone="bad" icon="store-off" title={en.common.connectionLost}>
          {en.common.connectionLostBody}
        </Callout>
      ) : null}
      {lost ? null : status === null ? (
        <Skeleton lines={9} />
      ) : (
        <>
          {status.firstRun ? null : <PanelNews today={today} timeZone={timeZone} onGo={go} />}
          {status.firstRun ? null : <PanelSessions onGo={go} />}
          <PanelHeader status={status} timeZone={timeZone} onGo={go} />
          <main className={styles.main}>
            <PanelSearch today={today} onGo={go} />
            <PanelActions status={status} actions={actions} canQuit={info?.capabilities.quit === true} />
            <div className={styles.scroller}>
              <PanelPlaces status={status} onGo={go} onCancel={actions.cancel} />
              <PanelRecent timeZone={timeZone} onGo={go} />
            </div>
          </main>
          <PanelFooter onGo={go} />
        </>
      )}
    </div>
  );
}

/** Escape hides the panel, as it does menus; an open popover closes first. */
function useEscapeHides(): void {
  const { mutate: hide } = useAction('app.hidePanel');
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (
        event.key === 'Escape' &&
        !event.defaultPrevented &&
        document.querySelector(':popover-open') === null
      )
        hide({});
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [hide]);
}
