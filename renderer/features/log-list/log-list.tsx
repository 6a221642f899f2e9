import { useCallback, useMemo, useState, type Ref } from 'react';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { LogRow, MachineRow } from '../../../shared/domain/log-query.ts';
import { formatCount } from '../../../shared/format/amount.ts';
import { ago, dayHeading, longDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { ListFilters } from '../../../shared/ipc/list-filters.ts';
import type { Route } from '../../../shared/ipc/route.ts';
import type { DailyQuery } from '../../data/filters.ts';
import type { LogList as Rows } from '../../data/use-log-list.ts';
import { useCall } from '../../data/call.ts';
import { useNow } from '../../data/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { SectionedList, type HeaderAction, type SectionedListHandle } from '../../ui/sectioned-list.tsx';
import { ProblemState } from '../../ui/state.tsx';
import { useKeepPlace } from '../../ui/use-keep-place.ts';
import { DailyLogs, useDailyCounts } from './daily-logs.tsx';
import { EmptyList } from './empty-list.tsx';
import { LogLine } from './log-line.tsx';
import styles from './log-list.module.css';

export interface LogListProps {
  readonly rows: Rows;
  /** Identifies the query: another one starts at the top. */
  readonly listKey: string;
  readonly groupBy: 'day' | 'machine';
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
  readonly timeZone: string;
  readonly today: string;
  /** Index of the active row; -1 for none. */
  readonly active: number;
  readonly onActive: (index: number, row: LogRow | null, how: 'key' | 'pointer' | 'follow') => void;
  /** Enter or a double click. */
  readonly onOpen: (index: number) => void;
  /** Which daily logs fold under their days; null for none, as during a search. */
  readonly dailyLogs: DailyQuery | null;
  readonly onOpenLog: (log: LogId) => void;
  readonly onGo: (route: Route) => void;
  readonly onLookInStore: () => void;
  readonly ref?: Ref<SectionedListHandle>;
}

const ROW_REM = 3.25;
const HEADER_REM = 1.875;

/** The list of logs under its headings, or its replacement. */
export function LogList(props: LogListProps) {
  const { rows, active, onActive } = props;
  const { groups } = rows;
  const idAt = (index: number): string | null => rows.row(index)?.id ?? null;
  const sections = useMemo(() => groups.map((group) => ({ key: group.key, count: group.logs })), [groups]);
  useKeepPlace(
    {
      key: props.listKey,
      active: props.active,
      count: props.rows.total,
      idAt,
    },
    (index) => props.onActive(index, props.rows.row(index), 'follow'),
  );
  const daily = useDailyFold(props);
  if (rows.error !== null && rows.total === 0)
    return (
      <ProblemState error={rows.error} actions={<Button onClick={rows.retry}>{en.common.tryAgain}</Button>} />
    );
  if (rows.loading) return <Waiting />;
  if (rows.total === 0) return <EmptyList {...props} />;
  return (
    <>
      <SectionedList
        ref={props.ref}
        scrollKey={props.listKey}
        label={en.logs.list}
        sections={sections}
        rowHeight={ROW_REM}
        headerHeight={HEADER_REM}
        active={active}
        onMove={(index, how) => onActive(index, rows.row(index), how)}
        onOpen={props.onOpen}
        onWindow={rows.show}
        idAt={idAt}
        renderHeader={(section) => <Heading {...props} section={section} />}
        headerAction={daily.action}
        renderRow={(index) => (
          <LogLine
            row={rows.row(index)}
            active={index === active}
            timeZone={props.timeZone}
            today={props.today}
            groupBy={props.groupBy}
          />
        )}
      />
      {daily.open}
    </>
  );
}

/** The control that opens a day's daily logs, and what it has opened. */
function useDailyFold(props: LogListProps) {
  const { groups } = props.rows;
  const counts = useDailyCounts(props.dailyLogs);
  const [open, setOpen] = useState<{ readonly day: string; readonly anchor: HTMLElement } | null>(null);
  const action = useCallback(
    (section: number): HeaderAction | null => {
      const day = groups[section]?.key ?? '';
      const count = counts.get(day) ?? 0;
      if (count === 0) return null;
      const words = en.logs.dailyLogs(count);
      return {
        words,
        label: en.logs.dailyLogsOf(words, longDay(day)),
        onOpen: (anchor) => setOpen({ day, anchor }),
      };
    },
    [groups, counts],
  );
  return {
    action,
    open:
      open === null || props.dailyLogs === null ? null : (
        <DailyLogs
          key={open.day}
          {...open}
          opening={open}
          query={props.dailyLogs}
          onOpenLog={props.onOpenLog}
          onClose={() => setOpen(null)}
        />
      ),
  };
}

function Heading(props: LogListProps & { readonly section: number }) {
  const group = props.rows.groups[props.section];
  if (group === undefined) return null;
  return (
    <div className={styles.heading}>
      {props.groupBy === 'machine' ? (
        <MachineHeading uuid={group.key} host={firstRowOf(props.rows, props.section)?.host} />
      ) : (
        <span title={longDay(group.key)}>{dayHeading(group.key, props.today)}</span>
      )}
      <span className={styles.count}>{formatCount(group.logs)}</span>
    </div>
  );
}

function firstRowOf(rows: Rows, section: number): LogRow | null {
  return rows.row(rows.groups.slice(0, section).reduce((sum, group) => sum + group.logs, 0));
}

/** A machine by name; one not in the list of machines (a workspace) by the name in its rows. */
function MachineHeading(props: { readonly uuid: string; readonly host: string | undefined }) {
  const now = useNow();
  const machines: readonly MachineRow[] = useCall('machines.list', {}).data?.machines ?? [];
  const machine = machines.find((one) => one.machine === props.uuid);
  if (machine === undefined) return <span>{visibleLine(props.host ?? props.uuid.slice(0, 8))}</span>;
  const seen = machine.own
    ? en.logs.thisMachine
    : machine.lastSeen === null
      ? ''
      : ago(machine.lastSeen, now);
  return (
    <span>
      {visibleLine(machine.host)} <span className={styles.seen}>{seen}</span>
    </span>
  );
}

/** Placeholder rows of the right size, so that nothing moves when the real ones arrive. */
function Waiting() {
  return (
    <div className={styles.skeleton} role="status" aria-label={en.common.loading}>
      {Array.from({ length: 14 }, (_, index) => (
        <div key={index} className={styles.waiting} />
      ))}
    </div>
  );
}
