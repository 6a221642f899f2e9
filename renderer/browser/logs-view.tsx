import {
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type FocusEvent,
  type Ref,
  type RefObject,
} from 'react';
import type { LogId } from '../../shared/domain/ids.ts';
import type { LogRow } from '../../shared/domain/log-query.ts';
import { formatCount } from '../../shared/format/amount.ts';
import { en } from '../../shared/i18n/en.ts';
import { writeFilters, type ListFilters } from '../../shared/ipc/list-filters.ts';
import type { Route } from '../../shared/ipc/route.ts';
import { useCall } from '../data/call.ts';
import { dailyQueryOf, queryOf, withoutSearch } from '../data/filters.ts';
import { useKeptSearches } from '../data/use-kept-searches.ts';
import { useLogList, type ListQuery, type LogList as Rows } from '../data/use-log-list.ts';
import { useGo } from '../data/use-route.ts';
import { questionOf, useSearch, type Found, type Question } from '../data/use-search.ts';
import { HeatMap, type HeatMapProps } from '../features/heat-map/heat-map.tsx';
import { LogList } from '../features/log-list/log-list.tsx';
import { ListToolbar } from '../features/log-list/list-toolbar.tsx';
import { HitList, useHitRows } from '../features/search/hit-list.tsx';
import { markedWords, typedWords, type HitRow } from '../features/search/hit-rows.ts';
import { KeptSearches } from '../features/search/kept-searches.tsx';
import { SearchHelp } from '../features/search/search-help.tsx';
import { LogReader, type LogReaderHandle } from '../features/log-reader/log-reader.tsx';
import { Button } from '../ui/button.tsx';
import type { EnteredLog } from '../features/log-reader/use-entered.ts';
import type { SectionedListHandle } from '../ui/sectioned-list.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { useNarrow } from '../ui/use-narrow.ts';
import styles from './browser-app.module.css';
import { useActive, useActivity, type LeftRow } from './use-active.ts';

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

/** The list of logs and the open log; in a narrow window only one of them. */
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
  const { marked, pull, onHit } = useOpenedHit(route.log ?? null, filters);
  const [entered, onEnter] = useState<EnteredLog | null>(null);
  const left = useRef<LeftRow | null>(null);
  const listPane = <ListPane {...props} {...{ narrow, list, toolbar, left, onHit, onEnter }} />;
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
          marked={marked}
          pull={pull}
          entered={entered}
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

/** What is highlighted in the open log: what the search marked in its hit or, after a reload, the words of the query. */
function useOpenedHit(log: LogId | null, filters: ListFilters) {
  const [opened, setOpened] = useState<{ readonly row: HitRow; readonly pull: boolean } | null>(null);
  const onHit = useCallback((row: HitRow, pull: boolean) => {
    setOpened((now) => ({ row, pull: pull || (now?.row.id === row.id && now.pull) }));
  }, []);
  const hit = opened !== null && opened.row.id === log ? opened : null;
  const { text } = filters;
  const words = hit === null ? typedWords(text) : markedWords(hit.row.hit);
  const key = JSON.stringify(words);
  const marked = useMemo(() => (text.trim() === '' ? null : (JSON.parse(key) as string[])), [text, key]);
  return { marked, pull: hit?.pull === true, onHit };
}

interface ListPaneProps extends LogsViewProps {
  readonly narrow: boolean;
  readonly list: RefObject<SectionedListHandle | null>;
  readonly toolbar: RefObject<{ focusSearch(): void } | null>;
  readonly left: { current: LeftRow | null };
  /** Enter gives a log the focus; null when the cursor goes on. */
  readonly onEnter: (entered: EnteredLog | null) => void;
  /** Opens a hit; `pull` when a person requested it and its log is only in the store. */
  readonly onHit: (row: HitRow, pull: boolean) => void;
}

/** The search box, the calendar and the list: all logs, or the hits of a search. */
function ListPane(props: ListPaneProps) {
  const { filters, onFilters, today } = props;
  const question = useMemo(() => questionOf(filters), [filters]);
  const found = useSearch(question);
  const hits = useHitRows(found);
  // The list stays until there is an answer, and is queried without the words, which the search handles.
  const listed = useMemo(() => withoutSearch(filters), [filters]);
  const query = useMemo(() => queryOf(listed), [listed]);
  const rows = useLogList(query);
  const isSearch = question !== null && (found.answer !== null || found.error !== null);
  const [wrapper, onSwitch] = useKeptFocus(isSearch, props.list);
  const leave = useRef<Leave>(() => undefined);
  const { used } = useKeptSearches();
  const activity = useActivity();
  const machines = useCall('machines.list', {}).data?.machines;
  const onChoose = useCallback<HeatMapProps['onChoose']>(
    (from, to) => onFilters({ ...filters, from, to }),
    [filters, onFilters],
  );
  const shared = { ...props, leave };
  return (
    <div className={styles.listPane}>
      <ListToolbar
        ref={props.toolbar}
        filters={filters}
        onChange={onFilters}
        total={rows.total}
        found={isSearch ? countWords(found) : null}
        tools={
          <>
            <KeptSearches filters={filters} onFilters={onFilters} />
            <SearchHelp />
          </>
        }
        today={today}
        hostOf={(uuid) => machines?.find((one) => one.machine === uuid)?.host ?? uuid.slice(0, 8)}
        activityShown={activity.shown}
        onActivity={activity.show}
        onLeave={(text) => leave.current(text)}
      />
      {activity.shown ? (
        <HeatMap query={query} from={filters.from} to={filters.to} today={today} onChoose={onChoose} />
      ) : null}
      <div className={styles.rows} ref={wrapper} {...onSwitch}>
        {isSearch ? (
          <Hits
            {...shared}
            found={found}
            hits={hits}
            question={question}
            onUsed={() => used(writeFilters(filters))}
          />
        ) : (
          <AllLogs {...shared} rows={rows} query={query} listed={listed} />
        )}
      </div>
    </div>
  );
}

interface PaneListProps extends ListPaneProps {
  /** Leaving the box downwards: focuses the list. */
  readonly leave: { current: Leave };
}

function AllLogs(
  props: PaneListProps & {
    readonly rows: Rows;
    readonly query: ListQuery;
    readonly listed: ListFilters;
  },
) {
  const { route, rows, query, narrow, list, filters, listed, onEnter } = props;
  const go = useGo();
  const dailyLogs = useMemo(() => dailyQueryOf(listed), [listed]);
  // With the words, whose answer may be pending: opening a log does not undo the query.
  const openLog = useCallback(
    (log: LogId, how?: 'replace') => go({ view: 'logs', log, filters }, how),
    [go, filters],
  );
  const open = useCallback((row: LogRow, how?: 'replace') => openLog(row.id, how), [openLog]);
  const { active, onActive } = useActive<LogRow>(route.log ?? null, query, narrow, open, props.left);
  useLeave(props.leave, (text) => {
    list.current?.focus();
    // For words the cursor waits for the first hit.
    if (text.trim() === '' && active < 0 && rows.total > 0) onActive(0, rows.row(0), 'key');
  });
  const onOpen = (index: number): void => {
    const row = rows.row(index);
    if (row === null) return;
    if (route.log !== row.id) open(row, route.log === undefined ? undefined : 'replace');
    onEnter({ log: row.id });
  };
  return (
    <LogList
      ref={list}
      rows={rows}
      listKey={JSON.stringify(query)}
      groupBy={listed.groupBy}
      filters={listed}
      onFilters={(next) => props.onFilters({ ...next, text: filters.text })}
      timeZone={props.timeZone}
      today={props.today}
      active={active}
      onActive={(index, row, how) => {
        if (how !== 'follow') onEnter(null);
        onActive(index, row, how);
      }}
      onOpen={onOpen}
      dailyLogs={dailyLogs}
      onOpenLog={openLog}
      onGo={go}
      onLookInStore={props.onLookInStore}
    />
  );
}

function Hits(
  props: PaneListProps & {
    readonly found: Found;
    readonly hits: ReturnType<typeof useHitRows>;
    readonly question: Question;
    readonly onUsed: () => void;
  },
) {
  const { route, filters, found, hits, question, narrow, list, onHit, onEnter, onUsed } = props;
  const { rows } = hits;
  const go = useGo();
  const show = useCallback(
    (row: HitRow, how?: 'replace') => {
      go({ view: 'logs', log: row.id, ...lineOf(row), filters }, how);
    },
    [go, filters],
  );
  const open = useCallback(
    (row: HitRow, how?: 'replace') => {
      onHit(row, false);
      show(row, how);
    },
    [onHit, show],
  );
  const { active, onActive } = useActive<HitRow>(route.log ?? null, question, narrow, open, props.left);
  const { older } = found;
  const first = (row: HitRow): void => {
    onUsed();
    onActive(0, row, 'key');
  };
  const onAnswer = useEffectEvent(first);
  // If Enter was pressed before the answer arrived, the list already has the focus: the answer's first hit gets the cursor.
  useEffect(() => {
    const inList = document.activeElement?.getAttribute('role') === 'listbox';
    if (inList && !older && active < 0 && rows[0] !== undefined) onAnswer(rows[0]);
  }, [older, active, rows]);
  const choose = (row: HitRow | null): void => {
    if (row === null) return;
    onUsed();
    onHit(row, !row.hit.pulled && row.hit.commit === null);
  };
  useLeave(props.leave, (text) => {
    list.current?.focus();
    const [row] = rows;
    if (text !== filters.text || older || row === undefined) return;
    if (active < 0) first(row);
    else onUsed();
  });
  return (
    <HitList
      ref={list}
      found={found}
      {...hits}
      listKey={JSON.stringify(question)}
      today={props.today}
      active={active}
      onActive={(index, row, how) => {
        if (how !== 'follow') onEnter(null);
        onActive(index, row, how);
        if (how === 'pointer') choose(row);
      }}
      onOpen={(index) => {
        const row = rows[index] ?? null;
        if (row === null) return;
        choose(row);
        if (route.log !== row.id) show(row);
        onEnter({ log: row.id });
      }}
      filters={filters}
      onFilters={props.onFilters}
      onGo={go}
      onLookInStore={props.onLookInStore}
    />
  );
}

/** The line at which a hit opens; none if none of its text was available. */
function lineOf({ hit, more }: HitRow): { readonly line?: number } {
  return more === null && hit.snippets.length > 0 ? { line: hit.readLine } : {};
}

function countWords({ answer }: Found): string {
  const { count, atLeast } = answer?.total ?? { count: 0, atLeast: false };
  return atLeast ? en.search.foundAtLeast(formatCount(count)) : en.search.found(formatCount(count));
}

/** What leaving the box does, with the text in it. */
type Leave = (text: string) => void;

/** Sets what leaving the box does while this list is below it. */
function useLeave(leave: { current: Leave }, run: Leave): void {
  useEffect(() => {
    leave.current = run;
  });
}

/** The focus stays in the list when another replaces it: runs before that list's effects, which check for it. */
function useKeptFocus(kind: boolean, list: RefObject<SectionedListHandle | null>) {
  const wrapper = useRef<HTMLDivElement>(null);
  const held = useRef(false);
  const last = useRef(kind);
  useLayoutEffect(() => {
    if (last.current === kind) return;
    last.current = kind;
    if (held.current && document.activeElement === document.body) list.current?.focus();
  }, [kind, list]);
  const handlers = {
    onFocus: () => (held.current = true),
    onBlur: (event: FocusEvent) =>
      (held.current = event.relatedTarget === null && !wrapper.current?.isConnected),
  };
  return [wrapper, handlers] as const;
}
