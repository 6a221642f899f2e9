import { memo } from 'react';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { clockTime, shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { logTitle } from '../../../shared/format/log-title.ts';
import { cx, Icon } from '../../ui/icon.tsx';
import { PLACE_ICONS } from '../../ui/state-words.ts';
import styles from './log-list.module.css';

export interface LogLineProps {
  readonly row: LogRow | null;
  readonly active: boolean;
  readonly timeZone: string;
  readonly today: string;
  /** What the heading above says already is not repeated in every row. */
  readonly groupBy: 'day' | 'machine';
}

/** One log of the list, in two lines. */
export const LogLine = memo(function LogLine(props: LogLineProps) {
  const { row, active, groupBy } = props;
  if (row === null)
    return <div className={cx(styles.line, styles.waiting)} aria-label={en.logs.rowLoading} />;
  const when = groupBy === 'machine' ? shortDay(row.date, props.today) : clockTime(row.mtime, props.timeZone);
  return (
    <div className={cx(styles.line, active && styles.active)}>
      <div className={styles.upper}>
        <span className={styles.title}>{visibleLine(logTitle(row))}</span>
        {row.notes > 0 ? (
          <span className={styles.notes} title={en.logs.notes(row.notes)}>
            <Icon name="notes" label={en.logs.notes(row.notes)} />
          </span>
        ) : null}
        <time className={styles.time}>{when}</time>
      </div>
      <div className={styles.lower}>
        <Words row={row} groupBy={groupBy} />
        <Place row={row} />
      </div>
    </div>
  );
});

function Words(props: { readonly row: LogRow; readonly groupBy: 'day' | 'machine' }) {
  const { row } = props;
  const parts = [
    row.author ?? row.user,
    row.project ?? row.client,
    props.groupBy === 'day' ? row.host : null,
    row.kind === 'daily' ? en.logs.sessions(row.sessions) : null,
  ].filter((part): part is string => part !== null && part !== '');
  return <span className={styles.words}>{visibleLine(parts.join(' · '))}</span>;
}

function Place(props: { readonly row: LogRow }) {
  const { row } = props;
  if (row.place === 'local' && !row.backedUp)
    return (
      <span className={cx(styles.place, styles.unsafe)} title={en.logs.waitingHelp}>
        <Icon name="clock" />
        {en.logs.waiting}
      </span>
    );
  const words = row.stale ? en.logs.stale : en.logs.places[row.place];
  return (
    <span className={styles.place} title={row.stale ? en.logs.staleHelp : en.logs.placeHelp[row.place]}>
      <Icon name={PLACE_ICONS[row.place]} />
      {words}
    </span>
  );
}
