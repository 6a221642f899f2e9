import { isNothingNew, newsLine } from '../../shared/format/news-words.ts';
import type { Route } from '../../shared/ipc/route.ts';
import { useCall } from '../data/call.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './panel-app.module.css';

/**
 * What is new since the reader last looked, in one line that leads to it; hidden if there is nothing. Showing it does not
 * mark it as seen.
 */
export function PanelNews(props: {
  readonly today: string;
  readonly timeZone: string;
  readonly onGo: (route: Route) => void;
}) {
  const report = useCall('news.list', {}).data;
  if (report === undefined || isNothingNew(report)) return null;
  return (
    <button type="button" className={styles.news} onClick={() => props.onGo({ view: 'pending' })}>
      <span>{newsLine(report, props.today, props.timeZone)}</span>
      <Icon name="chevron-right" />
    </button>
  );
}
