import {
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useMemo,
  useRef,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react';
import {
  heightOf,
  layOut,
  rowsIn,
  sectionOf,
  topOf,
  visibleSections,
  type SectionLayout,
} from './section-layout.ts';
import { recall } from './memory.ts';
import styles from './sectioned-list.module.css';
import { useRootSize, useScrollWindow } from './use-scroll-window.ts';
import { useSteadyScroll } from './use-steady-scroll.ts';

export interface ListSection {
  readonly key: string;
  readonly count: number;
}

export interface SectionedListProps {
  readonly label: string;
  /** The list scrolls to its top when this changes. */
  readonly scrollKey: string;
  readonly sections: readonly ListSection[];
  /** Heights in rem. */
  readonly rowHeight: number;
  readonly headerHeight: number;
  /** Index of the active row; -1 for none. */
  readonly active: number;
  readonly onMove: (row: number, how: 'key' | 'pointer') => void;
  /** Enter or a double click on a row. */
  readonly onOpen: (row: number) => void;
  /** The rows on screen changed; `to` is exclusive. */
  readonly onWindow: (from: number, to: number) => void;
  readonly renderHeader: (section: number) => ReactNode;
  readonly renderRow: (row: number) => ReactNode;
  /** An expandable control at a section's heading; null if there is none. */
  readonly headerAction?: (section: number) => HeaderAction | null;
  /** A row's id, independent of its position, so that it stays on screen when others are added above it; null while it is not loaded. */
  readonly idAt: (row: number) => string | null;
  readonly ref?: Ref<SectionedListHandle> | undefined;
}

/** An unobtrusive control in a heading. */
export interface HeaderAction {
  readonly words: string;
  /** Its accessible name, which includes the section. */
  readonly label: string;
  readonly onOpen: (anchor: HTMLElement) => void;
}

export interface SectionedListHandle {
  focus(): void;
}

const OVERSCAN = 8;

/**
 * A list of any length under sticky headings: only what is on screen exists as elements. A listbox whose focus stays on the list and
 * whose active row is named by `aria-activedescendant`, so that rows may come and go.
 */
export function SectionedList(props: SectionedListProps) {
  const { sections, active, onWindow } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rem = useRootSize();
  const layout = useMemo(
    () =>
      layOut(
        sections.map((section) => section.count),
        props.rowHeight * rem,
        props.headerHeight * rem,
      ),
    [sections, props.rowHeight, props.headerHeight, rem],
  );
  const { top, height } = useScrollWindow(scroller);
  const windows = visibleSections(layout, top, height, OVERSCAN);
  const [first, last] = [windows[0]?.from ?? 0, windows.at(-1)?.to ?? 0];
  useEffect(() => onWindow(first, last), [onWindow, first, last]);
  useSteadyScroll(scroller, {
    scrollKey: props.scrollKey,
    layout,
    count: rowsIn(layout),
    top,
    idAt: props.idAt,
  });
  useScrollToActive(scroller, layout, active);
  const shownKey = useRef(props.scrollKey);
  useEffect(() => {
    if (shownKey.current === props.scrollKey) return;
    shownKey.current = props.scrollKey;
    scroller.current?.scrollTo(0, 0);
  }, [props.scrollKey]);
  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus(),
  }));
  const total = rowsIn(layout);
  const onKeyDown = useListKeys(props, layout, scroller);
  usePageKeys(onKeyDown);
  // One heading at a time is in the tab order: that of the active row, or the first on screen.
  const reached = active >= 0 && active < total ? sectionOf(layout, active) : (windows[0]?.section ?? 0);
  const activeOutside =
    active >= 0 && active < total && !windows.some((part) => active >= part.from && active < part.to);

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        tabIndex={0}
        aria-label={props.label}
        aria-activedescendant={active >= 0 && active < total ? rowId(active) : undefined}
        onKeyDown={onKeyDown}
      >
        <div className={styles.sizer} style={{ blockSize: heightOf(layout) }} role="presentation">
          {windows.map((part) => (
            <Section
              key={sections[part.section]?.key}
              reached={part.section === reached}
              {...props}
              layout={layout}
              section={part.section}
              from={part.from}
              to={part.to}
            />
          ))}
          {activeOutside ? (
            <div className={styles.rows} role="presentation">
              <Row {...props} layout={layout} row={active} top={topOf(layout, active)} />
            </div>
          ) : null}
        </div>
      </div>
    </div>
  );
}

interface PartProps extends SectionedListProps {
  readonly layout: SectionLayout;
}

function Section(
  props: PartProps & {
    readonly section: number;
    readonly from: number;
    readonly to: number;
    readonly reached: boolean;
  },
) {
  const { layout, section } = props;
  const top = layout.top[section] ?? 0;
  const first = layout.firstRow[section] ?? 0;
  const rows = [];
  for (let row = props.from; row < props.to; row++)
    rows.push(
      <Row key={row} {...props} row={row} top={layout.headerHeight + (row - first) * layout.rowHeight} />,
    );
  const heading = `list-section-${section}`;
  return (
    <div
      className={styles.section}
      role="group"
      aria-labelledby={heading}
      style={{ insetBlockStart: top, blockSize: (layout.top[section + 1] ?? top) - top }}
    >
      <div className={styles.header} style={{ blockSize: layout.headerHeight }}>
        <div className={styles.headerWords} id={heading}>
          {props.renderHeader(section)}
        </div>
        <HeaderControl action={props.headerAction?.(section) ?? null} reached={props.reached} />
      </div>
      {rows}
    </div>
  );
}

/** An option of the list, because a listbox contains nothing else; it takes the focus itself, by Tab from the row. */
function HeaderControl(props: { readonly action: HeaderAction | null; readonly reached: boolean }) {
  const { action } = props;
  if (action === null) return null;
  return (
    <div
      role="option"
      aria-selected={false}
      aria-label={action.label}
      tabIndex={props.reached ? 0 : -1}
      className={styles.headerAction}
      onClick={(event) => action.onOpen(event.currentTarget)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        action.onOpen(event.currentTarget);
      }}
    >
      {action.words}
    </div>
  );
}

function Row(props: PartProps & { readonly row: number; readonly top: number }) {
  const { row } = props;
  return (
    // The listbox keeps the focus and handles the keyboard; rows only handle the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={rowId(row)}
      className={styles.row}
      role="option"
      aria-selected={row === props.active}
      aria-setsize={rowsIn(props.layout)}
      aria-posinset={row + 1}
      style={{ insetBlockStart: props.top, blockSize: props.layout.rowHeight }}
      onClick={() => props.onMove(row, 'pointer')}
      onDoubleClick={() => props.onOpen(row)}
    >
      {props.renderRow(row)}
    </div>
  );
}

function rowId(row: number): string {
  return `list-row-${row}`;
}

/** Keeps the active row on screen, below the sticky heading, whenever it changes. */
function useScrollToActive(
  scroller: { readonly current: HTMLDivElement | null },
  layout: SectionLayout,
  active: number,
): void {
  const seen = useRef(-1);
  useEffect(() => {
    const element = scroller.current;
    if (element === null || active < 0 || active === seen.current || active >= rowsIn(layout)) return;
    seen.current = active;
    const top = topOf(layout, active);
    // The first row of a section brings its heading into view.
    const isFirst = layout.firstRow[sectionOf(layout, active)] === active;
    const low = top - layout.headerHeight;
    const high = top + layout.rowHeight - element.clientHeight;
    if (element.scrollTop > low) element.scrollTop = isFirst ? Math.max(0, low) : low;
    else if (element.scrollTop < high) element.scrollTop = high;
  }, [scroller, layout, active]);
}

/** The part of a key event used by the list, whether pressed in it or anywhere. */
type ListKey = Pick<
  KeyboardEvent<HTMLDivElement>,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'preventDefault'
>;

/** The list also handles keys pressed while nothing has the focus: on a newly opened page, or after a click beside everything. */
function usePageKeys(onKey: (event: ListKey) => void): void {
  const onKeyDown = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.target !== document.body) return;
    if (document.querySelector('dialog[open]') !== null) return;
    // Letters are disabled for speech input users.
    if (/^[jk]$/.test(event.key) && !recall('single-keys', true)) return;
    onKey(event);
  });
  useEffect(() => {
    const listener = (event: globalThis.KeyboardEvent): void => onKeyDown(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

function useListKeys(
  props: SectionedListProps,
  layout: SectionLayout,
  scroller: { readonly current: HTMLDivElement | null },
) {
  const { active, onMove, onOpen } = props;
  return useCallback(
    (event: ListKey) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const total = rowsIn(layout);
      if (total === 0) return;
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / layout.rowHeight) - 1);
      const targets: Record<string, number> = {
        ArrowDown: active + 1,
        j: active + 1,
        ArrowUp: active - 1,
        k: active - 1,
        PageDown: active + page,
        PageUp: active - page,
        Home: 0,
        End: total - 1,
      };
      const target = targets[event.key];
      if (target !== undefined) {
        event.preventDefault();
        // From a heading's control back to the rows.
        scroller.current?.focus();
        onMove(Math.min(total - 1, Math.max(0, target)), 'key');
      } else if (event.key === 'Enter' && active >= 0) {
        event.preventDefault();
        onOpen(active);
      }
    },
    [active, onMove, onOpen, layout, scroller],
  );
}
