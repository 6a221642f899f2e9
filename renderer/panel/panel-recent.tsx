import { rowFacts, sessionTime } from '../../shared/format/log-facts.ts';
import { logTitle } from '../../shared/format/log-title.ts';
import { dayHeading, dayOf, shortDay } from '../../shared/format/time.ts';
import { visibleLine } from '../../shared/format/visible-text.ts';
import type { LogRow } from '../../shared/domain/log-query.ts';
import { en } from '../../shared/i18n/en.ts';
import type { Route } from '../../shared/ipc/route.ts';
import { useCall } from '../data/call.ts';
import { useNow } from '../data/use-now.ts';
import { Icon } from '../ui/icon.tsx';
import { PLACE_ICONS } from '../ui/state-words.ts';
import styles from './panel-app.module.css';

/** The team's latest sessions, to open. */
export function PanelRecent(props: { readonly timeZone: string; readonly onGo: (route: Route) => void }) {
  const rows = useCall('logs.page', { limit: 6 }).data?.rows;
  const today = dayOf(useNow(), props.timeZone);
  return (
    <section className={styles.recent} aria-labelledby="recent">
      <h3 id="recent">{en.panel.recent}</h3>
      {rows?.length === 0 ? <p>{en.panel.noRecent}</p> : null}
      <ul>
        {rows?.map((row) => (
          <li key={row.id}>
            <button type="button" onClick={() => props.onGo({ view: 'logs', log: row.id })}>
              <Icon name={PLACE_ICONS[row.place]} label={en.logs.places[row.place]} />
              <span>
                <strong>{visibleLine(logTitle(row))}</strong>
                <small>{visibleLine(rowFacts(row, { host: true }))}</small>
              </span>
              <time>{whenOf(row, props.timeZone, today)}</time>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The time of today's sessions if known, else the day. */
function whenOf(row: LogRow, timeZone: string, today: string): string {
  if (row.date !== today) return shortDay(row.date, today);
  return sessionTime(row, timeZone) ?? dayHeading(row.date, today);
}
