import { useMemo } from 'react';
import { parseCalendarDate, type LogId } from '../../../shared/domain/ids.ts';
import { formatCount } from '../../../shared/format/amount.ts';
import { logTitle } from '../../../shared/format/log-title.ts';
import { longDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { CallInput } from '../../../shared/ipc/contract.ts';
import { useCall } from '../../data/call.ts';
import type { DailyQuery } from '../../data/filters.ts';
import { Icon } from '../../ui/icon.tsx';
import { AnchoredPopover } from '../../ui/popover.tsx';
import { Skeleton } from '../../ui/state.tsx';
import { PLACE_ICONS } from '../../ui/state-words.ts';
import styles from './daily-logs.module.css';

const DAILY_FILES = { files: true, kinds: ['daily'] } satisfies CallInput<'logs.groups'>;
const NONE: ReadonlyMap<string, number> = new Map();
/** Maximum machines shown per day; more than that do not write logs by hand. */
const MOST = 100;

/**
 * How many daily logs each day has.
 * @param query null queries nothing
 */
export function useDailyCounts(query: DailyQuery | null): ReadonlyMap<string, number> {
  const { data } = useCall(
    'logs.groups',
    { ...query, ...DAILY_FILES, groupBy: 'day' },
    { enabled: query !== null, keepPrevious: true },
  );
  return useMemo(
    () =>
      query === null || data === undefined ? NONE : new Map(data.groups.map(({ key, logs }) => [key, logs])),
    [query, data],
  );
}

/** A day's daily logs as files, one per machine, to open. */
export function DailyLogs(props: {
  readonly day: string;
  readonly anchor: HTMLElement;
  /** Another object each time that it is opened. */
  readonly opening: object;
  readonly query: DailyQuery;
  readonly onOpenLog: (log: LogId) => void;
  readonly onClose: () => void;
}) {
  const day = parseCalendarDate(props.day);
  const between = day.ok ? { from: day.value, to: day.value } : {};
  const page = useCall(
    'logs.page',
    { ...props.query, ...DAILY_FILES, ...between, limit: MOST },
    { enabled: day.ok },
  );
  const rows = page.data?.rows ?? [];
  const more = (page.data?.total ?? 0) - rows.length;
  return (
    <AnchoredPopover
      label={en.logs.dailyLogsTitle(longDay(props.day))}
      anchor={props.anchor}
      opening={props.opening}
      align="end"
      onClose={props.onClose}
    >
      {(close) => (
        <div className={styles.menu}>
          {page.data === undefined && page.error === null ? <Skeleton lines={2} /> : null}
          {page.error === null ? null : <p role="alert">{visibleLine(page.error.error.message)}</p>}
          {rows.map((row) => (
            <button
              key={row.id}
              type="button"
              className={styles.entry}
              onClick={() => {
                close();
                props.onOpenLog(row.id);
              }}
            >
              <Icon name={PLACE_ICONS[row.place]} label={en.logs.places[row.place]} />
              <span>
                <strong>{visibleLine(logTitle(row))}</strong>
                <small>{visibleLine(`${row.host} · ${en.logs.sessions(row.sessions)}`)}</small>
              </span>
            </button>
          ))}
          {more > 0 ? <p>{en.sync.andMore(formatCount(more))}</p> : null}
        </div>
      )}
    </AnchoredPopover>
  );
}
