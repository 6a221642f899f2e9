import { memo } from 'react';
import { dayOf, shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { SessionRow } from '../../../shared/transcripts/session-list.ts';
import { cx } from '../../ui/icon.tsx';
import { Badge } from '../../ui/indicator.tsx';
import { useNarrow } from '../../ui/use-narrow.ts';
import { dueWords, logWords, safeWords, sessionFacts, type StateWords } from './session-words.ts';
import styles from './sessions.module.css';

export interface SessionLineProps {
  /** Null while it is pending. */
  readonly row: SessionRow | null;
  readonly active: boolean;
  readonly open: boolean;
  readonly timeZone: string;
  readonly today: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** One session of the list: what, who and how much, and what is stored of it. */
export const SessionLine = memo(function SessionLine(props: SessionLineProps) {
  const { row, active, open, timeZone, today, now } = props;
  const isNarrow = useNarrow();
  if (row === null)
    return <div className={cx(styles.line, styles.waiting)} aria-label={en.sessions.loading} />;
  const day = shortDay(dayOf(row.lastAt, timeZone), today);
  return (
    <div className={cx(styles.line, active && styles.active, open && styles.open)}>
      <div className={styles.upper}>
        <span className={styles.title} dir="auto">
          {visibleLine(row.title ?? en.sessions.untitled)}
        </span>
        <time>{day}</time>
      </div>
      <div className={styles.facts}>{visibleLine(sessionFacts(row))}</div>
      <div className={styles.states}>
        <State words={logWords(row)} />
        <State words={safeWords(row)} />
        <State words={dueWords(row, now, isNarrow)} />
      </div>
    </div>
  );
});

export function State(props: { readonly words: StateWords | null }) {
  const { words } = props;
  if (words === null) return null;
  return (
    <Badge tone={words.tone} {...(words.help === undefined ? {} : { title: visibleLine(words.help) })}>
      {words.text}
    </Badge>
  );
}
