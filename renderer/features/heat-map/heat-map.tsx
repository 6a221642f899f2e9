import { memo, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { parseCalendarDate, type CalendarDate } from '../../../shared/domain/ids.ts';
import type { DayCount } from '../../../shared/domain/log-query.ts';
import { dayFromNumber, dayNumber, longDay } from '../../../shared/format/time.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useCall } from '../../data/call.ts';
import type { ListQuery } from '../../data/use-log-list.ts';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/icon.tsx';
import { useInlineSize, useRootSize } from '../../ui/use-scroll-window.ts';
import { arrange, rangeOf, type HeatDay, type HeatWeek } from './heat-days.ts';
import styles from './heat-map.module.css';

export interface HeatMapProps {
  /** The list's query; the calendar counts the same sessions, on all days. */
  readonly query: ListQuery;
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  /** `YYYY-MM-DD` in the reader's zone. */
  readonly today: string;
  /** A day or a range was selected; two nulls clear the selection. */
  readonly onChoose: (from: CalendarDate | null, to: CalendarDate | null) => void;
}

/** Column width of a week and space for the weekday names, in rem; as in the style sheet. */
const WEEK_REM = 0.8125;
const NAMES_REM = 2.25;

/** A calendar of activity: as many weeks as fit, one square per day, darker where more was logged. */
export const HeatMap = memo(function HeatMap(props: HeatMapProps) {
  const { today } = props;
  const frame = useRef<HTMLDivElement>(null);
  const weeks = useWeeks(useInlineSize(frame));
  const [back, setBack] = useState(0);
  const [last, tomorrow] = [dayFromNumber(dayNumber(today) - back * 7), dayFromNumber(dayNumber(today) + 1)];
  const asked = rangeOf(last, weeks);
  const counts = useDays(props.query, { from: asked.from, to: asked.to < tomorrow ? tomorrow : asked.to });
  // A colleague to the east may already be in tomorrow. Days further ahead are clock errors.
  const lastDay = counts.some(({ date }) => date === tomorrow) ? tomorrow : today;
  const { from } = rangeOf(back === 0 ? lastDay : last, weeks);
  const calendar = useMemo(() => arrange(counts, from, weeks, lastDay), [counts, from, weeks, lastDay]);
  const jump = Math.max(1, weeks - 4);
  return (
    <section className={styles.map} aria-label={en.logs.activity}>
      <div ref={frame} className={styles.frame}>
        {weeks === 0 ? null : <Calendar {...props} weeks={calendar} />}
      </div>
      <div className={styles.foot}>
        <IconButton icon="chevron-down" label={en.logs.earlier} onClick={() => setBack(back + jump)} />
        <IconButton
          icon="chevron-up"
          label={en.logs.later}
          disabled={back === 0}
          onClick={() => setBack(Math.max(0, back - jump))}
        />
        <span className={styles.legend} aria-hidden>
          {en.logs.less}
          {[0, 1, 2, 3, 4].map((level) => (
            <i key={level} className={cx(styles.day, styles[`level${level}`])} />
          ))}
          {en.logs.more}
        </span>
      </div>
    </section>
  );
});

function useWeeks(pixels: number): number {
  const rem = useRootSize();
  if (pixels === 0) return 0;
  return Math.max(4, Math.min(53, Math.floor((pixels / rem - NAMES_REM) / WEEK_REM)));
}

/** Sessions per day. The index has the counts of machines ready; anything else it counts like the headings of a list. */
function useDays(
  query: ListQuery,
  range: { readonly from: string; readonly to: string },
): readonly Pick<DayCount, 'date' | 'logs'>[] {
  const { machines, groupBy: _grouping, order: _order, from: _from, to: _to, ...chosen } = query;
  const of = machines === undefined ? range : { ...range, machines };
  const plain = Object.keys(chosen).length === 0;
  const days = useCall('logs.days', of, { enabled: plain, keepPrevious: true }).data?.days;
  const groups = useCall(
    'logs.groups',
    { ...chosen, ...of, groupBy: 'day' },
    { enabled: !plain, keepPrevious: true },
  ).data?.groups;
  return useMemo(() => {
    if (plain) return days ?? NO_DAYS;
    return groups?.map(({ key, logs }) => ({ date: key as CalendarDate, logs })) ?? NO_DAYS;
  }, [plain, days, groups]);
}

const NO_DAYS: readonly never[] = [];

interface CalendarProps extends HeatMapProps {
  readonly weeks: readonly HeatWeek[];
}

function Calendar(props: CalendarProps) {
  const { weeks, from, to, today, onChoose } = props;
  const grid = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState(today);
  const shown = (day: string): boolean => weeks.some((week) => week.days.some((one) => one.day === day));
  const home = shown(focused) ? focused : (weeks.at(-1)?.days.at(-1)?.day ?? today);

  const choose = (day: string, extend: boolean): void => {
    const date = parseCalendarDate(day);
    if (!date.ok) return;
    if (extend && from !== null)
      onChoose(from < date.value ? from : date.value, from < date.value ? date.value : from);
    else if (from === date.value && to === date.value) onChoose(null, null);
    else onChoose(date.value, date.value);
  };
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const day = event.target instanceof HTMLElement ? event.target.dataset['day'] : undefined;
    if (day === undefined) return;
    setFocused(day);
    choose(day, event.shiftKey);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(home, event.shiftKey);
      return;
    }
    const step = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const target = dayFromNumber(dayNumber(home) + step);
    if (!shown(target)) return;
    setFocused(target);
    grid.current?.querySelector<HTMLElement>(`[data-day="${target}"]`)?.focus();
  };
  return (
    // The cells hold the focus; the grid listens for all of them.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      ref={grid}
      className={styles.calendar}
      role="grid"
      aria-label={en.logs.activityGrid}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      <div className={styles.months} aria-hidden>
        {weeks.map((week) => (
          <span key={week.start}>{week.month}</span>
        ))}
      </div>
      {en.logs.weekdays.map((name, weekday) => (
        <div key={name} className={styles.weekday} role="row">
          <span role="rowheader">
            <span className={weekday % 2 === 0 ? undefined : 'visually-hidden'}>{name}</span>
          </span>
          {weeks.map(({ start, days: { [weekday]: one } }) =>
            one === undefined ? (
              <span key={start} className={styles.absent} />
            ) : (
              <Day
                key={start}
                {...one}
                isHome={one.day === home}
                isChosen={from !== null && to !== null && one.day >= from && one.day <= to}
              />
            ),
          )}
        </div>
      ))}
    </div>
  );
}

interface DayProps extends HeatDay {
  /** Whether the keyboard enters the calendar here. */
  readonly isHome: boolean;
  readonly isChosen: boolean;
}

/** Drawn anew only when something of its own changed: hundreds are drawn, and few of them change at once. */
const Day = memo(function Day({ day, logs, level, isHome, isChosen }: DayProps) {
  const label = en.logs.activityDay(longDay(day), logs);
  return (
    <span
      role="gridcell"
      tabIndex={isHome ? 0 : -1}
      aria-label={label}
      aria-selected={isChosen}
      title={label}
      data-day={day}
      className={cx(styles.day, styles[`level${level}`], isChosen && styles.chosen)}
    />
  );
});
