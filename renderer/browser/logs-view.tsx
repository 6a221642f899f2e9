import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type Ref,
  type RefObject,
} from 'react';
import type { LogId } from '../../shared/domain/ids.ts';
import type { LogRow } from '../../shared/domain/log-query.ts';
import { en } from '../../shared/i18n/en.ts';
import type { ListFilters } from '../../shared/ipc/list-filters.ts';
import type { Route } from '../../shared/ipc/route.ts';
import { useCall } from '../data/call.ts';
import { dailyQueryOf, queryOf } from '../data/filters.ts';
import { useLogList } from '../data/use-log-list.ts';
import { useGo } from '../data/use-route.ts';
import { HeatMap, type HeatMapProps } from '../features/heat-map/heat-map.tsx';
import { LogList } from '../features/log-list/log-list.tsx';
import { ListToolbar } from '../features/log-list/list-toolbar.tsx';
import { LogReader, type LogReaderHandle } from '../features/log-reader/log-reader.tsx';
import { Button } from '../ui/button.tsx';
import { recall, remember } from '../ui/memory.ts';
import type { SectionedListHandle } from '../ui/sectioned-list.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { useNarrow, useShort } from '../ui/use-narrow.ts';
import styles from './browser-app.module.css';

export interface LogsViewHandle {
  search(): void;
  list(): void;
  find(): void;
  toggleRaw(): void;
  copyAll(): void;
  copyPath(): void;
}

export interface LogsViewProps {
  readonly route: Extract<Route, { readonly view: 'logs' }>;
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
  readonly timeZone: string;
  readonly today: string;
  readonly onLookInStore: () => void;
  readonly ref?: Ref<LogsViewHandle>;
}

/** Moving through the list opens what the cursor rests on; holding a key must not load every log on the way. */
const REST_MS = 110;

/** The list of logs and the one that is read; in a narrow window one of the two. */
export function LogsView(props: LogsViewProps) {
  const { route, filters } = props;
  const go = useGo();
  const narrow = useNarrow();
  const backToList = (): void => go({ view: 'logs', filters });
  const list = useRef<SectionedListHandle>(null);
  const reader = useRef<LogReaderHandle>(null);
  const toolbar = useRef<{ focusSearch(): void }>(null);
  useImperativeHandle(props.ref, () => ({
    search: () => toolbar.current?.focusSearch(),
    list: () => list.current?.focus(),
    find: () => reader.current?.find(),
    toggleRaw: () => reader.current?.toggleRaw(),
    copyAll: () => reader.current?.copyAll(),
    copyPath: () => reader.current?.copyPath(),
  }));
  const listPane = <ListPane {...props} narrow={narrow} list={list} toolbar={toolbar} reader={reader} />;
  const readerPane = (
    <div className={styles.readerPane} data-print="flow">
      {narrow && route.log !== undefined ? (
        <div className={styles.back} data-print="none">
          <Button tone="quiet" icon="chevron-left" onClick={backToList}>
            {en.logs.back}
          </Button>
        </div>
      ) : null}
      <div className={styles.reader} data-print="flow">
        <LogReader
          ref={reader}
          log={route.log ?? null}
          exact={route.exact === true}
          line={route.line ?? null}
          timeZone={props.timeZone}
          onLeave={() => (narrow ? backToList() : list.current?.focus())}
          onLookInStore={props.onLookInStore}
          onOpenCopy={(log) => go({ view: 'logs', log, exact: true, filters })}
        />
      </div>
    </div>
  );
  if (narrow) return route.log === undefined ? listPane : readerPane;
  return (
    <div className={styles.logs} data-print="flow">
      <div className={styles.listColumn} data-print={route.log === undefined ? undefined : 'none'}>
        <SplitPane name="list" label={en.common.resizeList} initial={26} min={18} max={48}>
          {listPane}
        </SplitPane>
      </div>
      {readerPane}
    </div>
  );
}

interface ListPaneProps extends LogsViewProps {
  readonly narrow: boolean;
  readonly list: RefObject<SectionedListHandle | null>;
  readonly toolbar: RefObject<{ focusSearch(): void } | null>;
  readonly reader: RefObject<LogReaderHandle | null>;
}

/** The box, the calendar and the list. */
function ListPane(props: ListPaneProps) {
  const { route, filters, onFilters, narrow, list, today } = props;
  const go = useGo();
  const query = useMemo(() => queryOf(filters), [filters]);
  const dailyLogs = useMemo(() => dailyQueryOf(filters), [filters]);
  const rows = useLogList(query);
  const open = useCallback(
    (log: LogId, how?: 'replace') => go({ view: 'logs', log, filters }, how),
    [go, filters],
  );
  const { active, onActive } = useActive(route.log ?? null, query, narrow, open);
  const activity = useActivity();
  const machines = useCall('machines.list', {}).data?.machines;
  const onChoose = useCallback<HeatMapProps['onChoose']>(
    (from, to) => onFilters({ ...filters, from, to }),
    [filters, onFilters],
  );
  const onOpen = (index: number): void => {
    const row = rows.row(index);
    if (narrow && row !== null) open(row.id);
    else props.reader.current?.focus();
  };
  return (
    <div className={styles.listPane}>
      <ListToolbar
        ref={props.toolbar}
        filters={filters}
        onChange={onFilters}
        total={rows.total}
        today={today}
        hostOf={(uuid) => machines?.find((one) => one.machine === uuid)?.host ?? uuid.slice(0, 8)}
        activityShown={activity.shown}
        onActivity={activity.show}
        onLeave={() => {
          list.current?.focus();
          if (active < 0 && rows.total > 0) onActive(0, rows.row(0), 'key');
        }}
      />
      {activity.shown ? (
        <HeatMap query={query} from={filters.from} to={filters.to} today={today} onChoose={onChoose} />
      ) : null}
      <div className={styles.rows}>
        <LogList
          ref={list}
          rows={rows}
          listKey={JSON.stringify(query)}
          groupBy={filters.groupBy}
          filters={filters}
          onFilters={onFilters}
          timeZone={props.timeZone}
          today={today}
          active={active}
          onActive={onActive}
          onOpen={onOpen}
          dailyLogs={dailyLogs}
          onOpenLog={open}
          onGo={go}
          onLookInStore={props.onLookInStore}
        />
      </div>
    </div>
  );
}

/**
 * Which row has the cursor. The log under it opens once the cursor rests, except in a narrow window, where opening takes the list away:
 * there only a click or Enter opens.
 */
function useActive(
  shown: LogId | null,
  query: unknown,
  narrow: boolean,
  open: (log: LogId, how?: 'replace') => void,
) {
  const [state, setState] = useState({ query, active: -1 });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  const onActive = useCallback(
    (index: number, row: LogRow | null, how: 'key' | 'pointer' | 'follow') => {
      setState({ query, active: index });
      clearTimeout(timer.current ?? undefined);
      if (row === null || row.id === shown || how === 'follow' || (narrow && how === 'key')) return;
      const show = (): void => open(row.id, shown === null ? undefined : 'replace');
      if (how === 'pointer') show();
      else timer.current = setTimeout(show, REST_MS);
    },
    [query, shown, narrow, open],
  );
  // Another list has no cursor yet: the old number would point at a stranger.
  return { active: state.query === query ? state.active : -1, onActive };
}

/** Whether the calendar is shown. Where little fits it is not, unless a person opens it there; that is not remembered. */
function useActivity() {
  const short = useShort();
  const [wanted, setWanted] = useState(() => recall('activity', true));
  const [wantedShort, setWantedShort] = useState(false);
  return {
    shown: short ? wantedShort : wanted,
    show: (shown: boolean): void => {
      if (short) setWantedShort(shown);
      else {
        setWanted(shown);
        remember('activity', shown);
      }
    },
  };
}
