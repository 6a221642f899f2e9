import { en } from '../../../shared/i18n/en.ts';
import type { ListFilters } from '../../../shared/ipc/list-filters.ts';
import { hashOf, type Route } from '../../../shared/ipc/route.ts';
import type { StatusSnapshot } from '../../../shared/ipc/status.ts';
import { stateTitle } from '../../../shared/format/state-title.ts';
import { ago } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { useConnectionLost } from '../../data/api-context.tsx';
import { useCall } from '../../data/call.ts';
import { useNow } from '../../data/use-now.ts';
import { cx, Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import { StateDot } from '../../ui/indicator.tsx';
import { lookOf } from '../../ui/state-words.ts';
import styles from './navigation.module.css';

const VIEWS: readonly {
  readonly view: 'logs' | 'notes' | 'pending' | 'sessions' | 'sync' | 'settings';
  readonly icon: IconName;
}[] = [
  { view: 'logs', icon: 'logs' },
  { view: 'notes', icon: 'notes' },
  { view: 'pending', icon: 'box-checked' },
  { view: 'sessions', icon: 'raw' },
  { view: 'sync', icon: 'sync' },
  { view: 'settings', icon: 'settings' },
];

/** The views of the log browser, with what is new in each. */
export function Navigation(props: {
  readonly route: Route;
  readonly status: StatusSnapshot | null;
  /** The list's last filters: the way back leads to them. */
  readonly filters: ListFilters;
}) {
  const { route, status, filters } = props;
  // State from before the connection was lost means nothing now.
  const lost = useConnectionLost();
  const tasks = useCall('pending.list', { mine: true, limit: 1 }).data?.open ?? 0;
  return (
    <nav className={styles.navigation} aria-label={en.common.navigation}>
      <ul>
        {VIEWS.map(({ view, icon }) => (
          <li key={view}>
            <a
              href={hashOf(view === 'logs' ? { view, filters } : { view })}
              aria-current={route.view === view ? 'page' : undefined}
              className={styles.link}
            >
              <Icon name={icon} />
              <span>{en.common.views[view]}</span>
              {view === 'notes' && status !== null && status.unread > 0 ? (
                <span className={styles.count} aria-label={en.common.unread(status.unread)}>
                  {status.unread}
                </span>
              ) : null}
              {view === 'pending' && tasks > 0 ? (
                <span className={cx(styles.count, styles.plain)} aria-label={en.pending.ofYours(tasks)}>
                  {tasks > 999 ? '999+' : tasks}
                </span>
              ) : null}
              {view === 'sync' && status !== null ? (
                <span className={styles.state}>
                  <StateDot tone={lost ? 'plain' : lookOf(status).tone} busy={!lost && lookOf(status).busy} />
                  <span>{lost ? en.common.notConnected : stateTitle(status)}</span>
                </span>
              ) : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** This machine and its last sync, at the foot of the sidebar. */
export function MachineFooter(props: {
  readonly status: StatusSnapshot | null;
  /** The sync view shows the last sync itself. */
  readonly isSync: boolean;
}) {
  const now = useNow();
  const { status } = props;
  if (status === null || status.machine === null) return <footer className={styles.footer} />;
  return (
    <footer className={styles.footer}>
      <Icon name="machine" />
      <div>
        <strong>{visibleLine(status.machine.host)}</strong>
        <span>
          {props.isSync
            ? en.logs.thisMachine
            : status.lastSuccess === null
              ? en.sync.noSuccess
              : en.sync.lastSuccess(ago(status.lastSuccess, now))}
        </span>
      </div>
    </footer>
  );
}
