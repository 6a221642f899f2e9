import { memo, type ReactNode } from 'react';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { rowFacts, sessionTime } from '../../../shared/format/log-facts.ts';
import { isDailyFile, logTitle } from '../../../shared/format/log-title.ts';
import { shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { CapturedMark } from '../../ui/captured-mark.tsx';
import { cx, Icon } from '../../ui/icon.tsx';
import { PLACE_ICONS } from '../../ui/state-words.ts';
import styles from './log-list.module.css';

export interface LogLineProps {
  readonly row: LogRow | null;
  readonly active: boolean;
  readonly timeZone: string;
  readonly today: string;
  /** Rows do not repeat what the heading above already says. */
  readonly groupBy: 'day' | 'machine';
}

/** One session of the list, in two lines. */
export const LogLine = memo(function LogLine(props: LogLineProps) {
  const { row, active, groupBy } = props;
  if (row === null)
    return <div className={cx(styles.line, styles.waiting)} aria-label={en.logs.rowLoading} />;
  return (
    <div className={cx(styles.line, active && styles.active)}>
      <div className={styles.upper}>
        <span className={styles.title} dir="auto">
          {visibleLine(logTitle(row))}
        </span>
        {row.notes > 0 ? (
          <span className={styles.notes} title={en.logs.notes(row.notes)}>
            <Icon name="notes" label={en.logs.notes(row.notes)} />
          </span>
        ) : null}
        <When {...props} row={row} />
      </div>
      <div className={styles.lower}>
        <span className={styles.words}>{visibleLine(factsOf(row, groupBy))}</span>
        <CapturedMark path={row.path} />
        <Place row={row} />
      </div>
    </div>
  );
});

/** The time of the session under its day, or its day under its machine; a day that is only the file's is marked as such. */
function When(props: LogLineProps & { readonly row: LogRow }): ReactNode {
  const { row } = props;
  const when =
    props.groupBy === 'machine' ? shortDay(row.date, props.today) : sessionTime(row, props.timeZone);
  return (
    <>
      {row.dateGuessed ? (
        <span className={styles.guessed} title={en.logs.dayOfFileHelp}>
          {en.logs.dayOfFile}
        </span>
      ) : null}
      {when === null ? null : <time className={styles.time}>{when}</time>}
    </>
  );
}

function factsOf(row: LogRow, groupBy: 'day' | 'machine'): string {
  const facts = rowFacts(row, { host: groupBy === 'day' });
  return isDailyFile(row) ? [facts, en.logs.sessions(row.sessions)].filter(Boolean).join(' · ') : facts;
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
