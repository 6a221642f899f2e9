import type { Route } from '../../shared/ipc/route.ts';
import { useCall } from '../data/call.ts';
import { dueLine } from '../features/sessions/session-words.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './panel-app.module.css';

/** Sessions that their agents delete within a week, in one line that leads to them; hidden if there are none. */
export function PanelSessions(props: { readonly onGo: (route: Route) => void }) {
  const sums = useCall('sessions.list', { offset: 0, limit: 1 }).data?.sums;
  const line = sums === undefined ? null : dueLine(sums);
  if (line === null) return null;
  return (
    <button type="button" className={styles.news} onClick={() => props.onGo({ view: 'sessions' })}>
      <span>{line}</span>
      <Icon name="chevron-right" />
    </button>
  );
}
