import { useCallback, useMemo, useState, type Ref } from 'react';
import type { LogId } from '../../../shared/domain/ids.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { ListFilters } from '../../../shared/ipc/list-filters.ts';
import type { Route } from '../../../shared/ipc/route.ts';
import { usePeople } from '../../data/use-people.ts';
import type { Found } from '../../data/use-search.ts';
import { Button } from '../../ui/button.tsx';
import { SectionedList, type SectionedListHandle } from '../../ui/sectioned-list.tsx';
import { ProblemState } from '../../ui/state.tsx';
import { useKeepPlace } from '../../ui/use-keep-place.ts';
import { HitLine } from './hit-line.tsx';
import { layOutHits, type HitRow } from './hit-rows.ts';
import { NoHits } from './no-hits.tsx';
import { SearchProgressLine } from './search-progress.tsx';
import styles from './search.module.css';

export interface HitListProps {
  readonly found: Found;
  readonly rows: readonly HitRow[];
  readonly sections: ReturnType<typeof layOutHits>['sections'];
  readonly onFold: (row: HitRow, open: boolean) => void;
  /** Identifies the query: another one starts at the top. */
  readonly listKey: string;
  readonly today: string;
  readonly active: number;
  readonly onActive: (index: number, row: HitRow | null, how: 'key' | 'pointer' | 'follow') => void;
  readonly onOpen: (index: number) => void;
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
  readonly onGo: (route: Route) => void;
  readonly onLookInStore: () => void;
  readonly ref?: Ref<SectionedListHandle>;
}

/** Title, facts, and two lines of text. */
const ROW_REM = 5.5;
const HEADER_REM = 1.875;
/** Rows before the end at which the next page is loaded. */
const AHEAD = 20;

/** The hits of a query as rows, and which logs have their further sessions unfolded. */
export function useHitRows(found: Found) {
  const [open, setOpen] = useState<ReadonlySet<LogId>>(new Set());
  const onFold = useCallback((row: HitRow, show: boolean) => {
    setOpen((now) => {
      const next = new Set(now);
      if (show) next.add(row.hit.id);
      else next.delete(row.hit.id);
      return next;
    });
  }, []);
  return { ...layOutHits(found.hits, open), onFold };
}

/** Index of the row whose unfold control contains an element; -1 for none. */
function foldedAt(element: Element): number {
  const option = element.closest('[data-fold]')?.closest('[role="option"]');
  return Number(option?.getAttribute('aria-posinset') ?? 0) - 1;
}

function usersOf(rows: readonly HitRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ hit }) => (hit.user === null ? [] : [hit.user])))];
}

/** The hits under the names of their rungs, or a replacement. */
export function HitList(props: HitListProps) {
  const { found, rows, sections, active } = props;
  const { more } = found;
  const people = usePeople(useMemo(() => usersOf(rows), [rows]));
  const count = rows.length;
  const idAt = (index: number): string | null => rows[index]?.id ?? null;
  useKeepPlace({ key: props.listKey, active, count, idAt }, (index) =>
    props.onActive(index, rows[index] ?? null, 'follow'),
  );
  const onWindow = useCallback(
    (_from: number, to: number) => {
      if (to >= count - AHEAD) more();
    },
    [count, more],
  );
  if (found.error !== null && found.answer === null)
    return (
      <ProblemState
        error={found.error}
        actions={<Button onClick={found.retry}>{en.common.tryAgain}</Button>}
      />
    );
  return (
    <div className={styles.found} aria-busy={found.older}>
      <div className={styles.said}>
        {found.answer?.explanations.map((words) => (
          <p key={words}>{visibleLine(words)}</p>
        ))}
        <SearchProgressLine />
      </div>
      {count === 0 ? (
        <NoHits {...props} />
      ) : (
        // Arrow keys unfold a row; all other keys are the list's own.
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
        <div
          onKeyDown={(event) => {
            const row = rows[active];
            if (row === undefined || (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft')) return;
            if (row.more === null && row.hit.more.length > 0) props.onFold(row, event.key === 'ArrowRight');
          }}
          onClickCapture={(event) => {
            const row = rows[foldedAt(event.target as Element)];
            if (row === undefined) return;
            event.stopPropagation();
            props.onFold(row, !row.open);
          }}
        >
          <SectionedList
            ref={props.ref}
            scrollKey={props.listKey}
            label={en.search.list}
            sections={sections}
            rowHeight={ROW_REM}
            headerHeight={HEADER_REM}
            active={active}
            onMove={(index, how) => props.onActive(index, rows[index] ?? null, how)}
            onOpen={props.onOpen}
            onWindow={onWindow}
            idAt={idAt}
            renderHeader={(section) => (
              <div className={styles.heading}>{en.search.rungs[sections[section]?.rung ?? 'all']}</div>
            )}
            renderRow={(index) => {
              const row = rows[index];
              return row === undefined ? null : (
                <HitLine
                  row={row}
                  active={index === active}
                  today={props.today}
                  person={row.hit.user === null ? null : (people.get(row.hit.user) ?? row.hit.user)}
                />
              );
            }}
          />
        </div>
      )}
    </div>
  );
}
