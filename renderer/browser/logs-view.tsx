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
import type { Route } from '../../shared/ipc/route.ts';
import { useCall } from '../data/call.ts';
import { isFiltered, NO_FILTERS, queryOf, type Filters } from '../data/filters.ts';
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
import { useNarrow } from '../ui/use-narrow.ts';
import styles from './browser-app.module.css';

export interface LogsViewHandle {
  search(): void;
  list(): void;
  find(): void;
  toggleRaw(): void;
}

export interface LogsViewProps {
  readonly route: Extract<Route, { readonly view: 'logs' }>;
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
  readonly timeZone: string;
  readonly today: string;
  readonly onLookInStore: () => void;
  readonly ref?: Ref<LogsViewHandle>;
}

/** Moving through the list opens what the cursor rests on; holding a key must not load every log on the way. */
const REST_MS = 110;

/** The list of logs and the one that is read; in a narrow window one of the two. */
export function LogsView(props: LogsViewProps) {
  const { route } = props;
  const go = useGo();
  const narrow = useNarrow();
  const list = useRef<SectionedListHandle>(null);
  const reader = useRef<LogReaderHandle>(null);
  const toolbar = useRef<{ focusSearch(): void }>(null);
  useImperativeHandle(props.ref, () => ({
    search: () => toolbar.current?.focusSearch(),
    list: () => list.current?.focus(),
    find: () => reader.current?.find(),
    toggleRaw: () => reader.current?.toggleRaw(),
  }));
  const listPane = <ListPane {...props} narrow={narrow} list={list} toolbar={toolbar} reader={reader} />;
  const readerPane = (
    <div className={styles.readerPane}>
      {narrow && route.log !== undefined ? (
        <div className={styles.back}>
          <Button tone="quiet" icon="chevron-left" onClick={() => go({ view: 'logs' })}>
            {en.logs.back}
          </Button>
        </div>
      ) : null}
      <div className={styles.reader}>
        <LogReader
          ref={reader}
          log={route.log ?? null}
          line={route.line ?? null}
          timeZone={props.timeZone}
          onLeave={() => (narrow ? go({ view: 'logs' }) : list.current?.focus())}
          onLookInStore={props.onLookInStore}
        />
      </div>
    </div>
  );
  if (narrow) return route.log === undefined ? listPane : readerPane;
  return (
    <div className={styles.logs}>
      <SplitPane name="list" label={en.common.resizeList} initial={26} min={18} max={48}>
        {listPane}
      </SplitPane>
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
  const rows = useLogList(query);
  const { active, onActive } = useActive(route.log ?? null, query, narrow);
  const [activity, setActivity] = useState(() => recall('activity', true));
  const machines = useCall('machines.list', {}).data?.machines;
  const onChoose = useCallback<HeatMapProps['onChoose']>(
    (from, to) => onFilters({ ...filters, from, to }),
    [filters, onFilters],
  );
  const onOpen = (index: number): void => {
    const row = rows.row(index);
    if (narrow && row !== null) go({ view: 'logs', log: row.id });
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
        activityShown={activity}
        onActivity={(shown) => {
          setActivity(shown);
          remember('activity', shown);
        }}
        onLeave={() => {
          list.current?.focus();
          if (active < 0 && rows.total > 0) onActive(0, rows.row(0), 'key');
        }}
      />
      {activity ? (
        <HeatMap
          machines={filters.machines}
          from={filters.from}
          to={filters.to}
          today={today}
          onChoose={onChoose}
        />
      ) : null}
      <div className={styles.rows}>
        <LogList
          ref={list}
          rows={rows}
          listKey={JSON.stringify(query)}
          groupBy={filters.groupBy}
          filtered={isFiltered(filters)}
          timeZone={props.timeZone}
          today={today}
          active={active}
          onActive={onActive}
          onOpen={onOpen}
          onClearFilters={() => onFilters({ ...NO_FILTERS, groupBy: filters.groupBy, order: filters.order })}
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
function useActive(open: LogId | null, query: unknown, narrow: boolean) {
  const go = useGo();
  const [state, setState] = useState({ query, active: -1 });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  const onActive = useCallback(
    (index: number, row: LogRow | null, how: 'key' | 'pointer' | 'follow') => {
      setState({ query, active: index });
      clearTimeout(timer.current ?? undefined);
      if (row === null || row.id === open || how === 'follow' || (narrow && how === 'key')) return;
      const show = (): void => go({ view: 'logs', log: row.id }, open === null ? undefined : 'replace');
      if (how === 'pointer') show();
      else timer.current = setTimeout(show, REST_MS);
    },
    [query, open, narrow, go],
  );
  // Another list has no cursor yet: the old number would point at a stranger.
  return { active: state.query === query ? state.active : -1, onActive };
}
