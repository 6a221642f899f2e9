import { useMemo, useState } from 'react';
import { en } from '../../../shared/i18n/en.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { useNow } from '../../data/use-now.ts';
import type { SessionRows } from '../../data/use-session-list.ts';
import { SectionedList } from '../../ui/sectioned-list.tsx';
import { SessionLine } from './session-line.tsx';
import styles from './sessions.module.css';

export interface SessionListProps {
  readonly rows: SessionRows;
  readonly total: number;
  readonly scrollKey: string;
  /** The open session. */
  readonly session: SessionKey | null;
  readonly timeZone: string;
  readonly today: string;
  readonly onOpen: (session: SessionKey) => void;
}

/** Sessions, latest first: J and K move, Enter and a click open. */
export function SessionList(props: SessionListProps) {
  const { rows, total, session, onOpen } = props;
  const now = useNow();
  const [active, setActive] = useState(-1);
  const sections = useMemo(() => [{ key: 'all', count: total }], [total]);
  const open = (at: number): void => {
    const row = rows.rowAt(at);
    if (row !== null) onOpen(row);
  };
  return (
    <SectionedList
      label={en.sessions.list}
      scrollKey={props.scrollKey}
      sections={sections}
      rowHeight={4.75}
      headerHeight={1.75}
      active={Math.min(active, total - 1)}
      onMove={(at, how) => {
        setActive(at);
        if (how === 'pointer') open(at);
      }}
      onOpen={open}
      onWindow={rows.onWindow}
      idAt={(at) => {
        const row = rows.rowAt(at);
        return row === null ? null : `${row.agent} ${row.id}`;
      }}
      renderHeader={() => <span className={styles.heading}>{en.sessions.count(total)}</span>}
      renderRow={(at) => {
        const row = rows.rowAt(at);
        return (
          <SessionLine
            row={row}
            active={at === active}
            open={row !== null && row.id === session?.id && row.agent === session.agent}
            timeZone={props.timeZone}
            today={props.today}
            now={now}
          />
        );
      }}
    />
  );
}
