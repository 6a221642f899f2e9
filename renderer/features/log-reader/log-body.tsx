import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import type { LogText } from '../../../shared/domain/log-text.ts';
import { hasCommand } from '../../ui/state-words.ts';
import type { LogDocument } from '../../ui/markdown/log-document.ts';
import { usePrinting } from '../../ui/use-printing.ts';
import { useRootSize } from '../../ui/use-scroll-window.ts';
import { BodyItem } from './body-item.tsx';
import { Contents } from './contents.tsx';
import { FindBar } from './find-bar.tsx';
import styles from './log-reader.module.css';
import {
  isShown,
  itemOfOffset,
  offsetOfLine,
  rawItems,
  readerItems,
  startOfItem,
  userSection,
  type ReaderItem,
} from './reader-items.ts';
import { useFind, useHighlights, type Find } from './use-find.ts';
import { useActiveSection, useGoTo, useGoToLine } from './use-places.ts';

export interface LogBodyHandle {
  focus(): void;
  /** Scrolls to a section by index. */
  goTo(section: number): void;
  find(): void;
}

export interface LogBodyProps {
  readonly document: LogDocument;
  readonly about: LogText;
  readonly row: LogRow;
  readonly title: string;
  readonly raw: boolean;
  readonly contents: boolean;
  readonly line: number | null;
  /** Words found by a search, to highlight from the given line on; null for none. The same list object while they are the same. */
  readonly marked: readonly string[] | null;
  readonly timeZone: string;
  readonly onLeave: () => void;
  readonly onRaw: () => void;
  readonly ref?: Ref<LogBodyHandle>;
}

/** Height in rem of a line of text and of a block's surroundings: the estimate before a block is measured. */
const LINE_REM = 1.375;
const AROUND_REM = 0.75;
const RAW_LINE_REM = 1.2;

/** The text of a log: only the blocks on screen are lexed and drawn, so 10 MB open and scroll like 10 KB. */
export function LogBody(props: LogBodyProps) {
  const { document, about, raw, title } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { revealed, reveal } = useRevealed();
  const items = useMemo(
    () => (raw ? rawItems(document, revealed) : readerItems(document, revealed, about.title)),
    [document, raw, revealed, about.title],
  );
  const virtual = useBlocks(items, scroller);
  const shown = useCallback((offset: number) => isShown(items, document, offset), [items, document]);
  const find = useFind(document.text, shown);
  const goTo = useGoTo(scroller, virtual, items, document);
  const current = useCurrentMatch(find, items, document, goTo);
  useHighlights(scroller, find.pattern, current, rangeKey(virtual));
  const offsetOf = useCallback((line: number) => offsetOfLine(document.text, line), [document]);
  useGoToLine(props.line, offsetOf, goTo);
  const { mark } = find;
  const { marked, line } = props;
  useEffect(() => {
    if (marked !== null && marked.length > 0) mark(marked, line === null ? 0 : offsetOf(line));
  }, [marked, line, offsetOf, mark]);
  const section = useActiveSection(scroller, document);
  const hidden = useMemo(() => userSection(document), [document]);
  const goToSection = useCallback(
    (index: number) => goTo(document.sections[index]?.start ?? 0),
    [document, goTo],
  );
  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus(),
    goTo: goToSection,
    find: find.ask,
  }));
  return (
    <>
      {find.open ? (
        <FindBar
          find={find}
          key={find.asked}
          quiet={find.asked === 0}
          hidden={current !== null && items[current.item]?.kind === 'fold'}
          onClose={() => {
            find.close();
            scroller.current?.focus();
          }}
        />
      ) : null}
      <div className={styles.body} data-print="flow">
        {/* The pane is focusable, to be scrolled by keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          ref={scroller}
          className={styles.scroller}
          data-print="flow"
          tabIndex={0}
          role="region"
          aria-label={title}
          onKeyDown={(event) => onReaderKey(event, props, find, document, section, goToSection)}
        >
          <DrawnBlocks {...props} items={items} virtual={virtual} onReveal={reveal} />
        </div>
        {props.contents && !raw ? (
          <Contents sections={document.sections} hidden={hidden} active={section} onGo={goToSection} />
        ) : null}
      </div>
    </>
  );
}

/** The blocks on screen, each positioned below the measured ones above it. */
function DrawnBlocks(
  props: LogBodyProps & {
    readonly items: readonly ReaderItem[];
    readonly virtual: Blocks;
    readonly onReveal: (section: number, show: boolean) => void;
  },
) {
  const { items, virtual } = props;
  // Passed one by one: a property that changes with every rendering would redraw every block.
  const draw = (item: ReaderItem): ReactNode => (
    <BodyItem
      item={item}
      document={props.document}
      about={props.about}
      row={props.row}
      timeZone={props.timeZone}
      onReveal={props.onReveal}
    />
  );
  if (usePrinting())
    return (
      <div>
        {items.map((item, index) => (
          <div key={keyOfItem(item, index)}>{draw(item)}</div>
        ))}
      </div>
    );
  return (
    <div className={styles.sizer} style={{ blockSize: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((place) => {
        const item = items[place.index];
        return item === undefined ? null : (
          <div
            key={place.key}
            ref={virtual.measureElement}
            data-index={place.index}
            className={styles.item}
            style={{ transform: `translateY(${place.start}px)` }}
          >
            {draw(item)}
          </div>
        );
      })}
    </div>
  );
}

/** Which secret sections a person has revealed; reset when leaving the log. */
function useRevealed() {
  const [revealed, setRevealed] = useState<ReadonlySet<number>>(new Set());
  const reveal = useCallback((index: number, show: boolean) => {
    setRevealed((now) => {
      const next = new Set(now);
      if (show) next.add(index);
      else next.delete(index);
      return next;
    });
  }, []);
  return { revealed, reveal };
}

type Blocks = Virtualizer<HTMLDivElement, Element>;

function useBlocks(
  items: readonly ReaderItem[],
  scroller: { readonly current: HTMLDivElement | null },
): Blocks {
  const rem = useRootSize();
  // The functions keep their identity while the items do: the virtualizer lays out all items again when one of them
  // changes.
  const estimateSize = useCallback((index: number) => guessedRem(items[index]) * rem, [items, rem]);
  const getItemKey = useCallback((index: number) => keyOfItem(items[index], index), [items]);
  return useVirtualizer<HTMLDivElement, Element>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize,
    getItemKey,
    // An item is about as high as the pane, so one more on each side exists before the wheel scrolls it into view.
    overscan: 1,
  });
}

function guessedRem(item: ReaderItem | undefined): number {
  if (item === undefined || item.kind === 'card' || item.kind === 'fold') return 6;
  if (item.kind === 'raw') return item.lines * RAW_LINE_REM;
  return item.parts.reduce((sum, { block }) => sum + block.lines * LINE_REM + AROUND_REM, 0);
}

function keyOfItem(item: ReaderItem | undefined, index: number): string | number {
  if (item === undefined) return index;
  if (item.kind === 'fold') return `fold:${item.section}`;
  if (item.kind === 'card') return 'card';
  return item.kind === 'raw' ? `raw:${item.start}` : `blocks:${item.parts[0]?.block.start ?? 0}`;
}

/** Where the current match is drawn: its item, and its index among the matches in that item. Scrolls to it when it changes. */
function useCurrentMatch(
  find: Find,
  items: readonly ReaderItem[],
  document: LogDocument,
  goTo: (offset: number, how?: 'near') => void,
) {
  const { matches, current } = find;
  const match = matches[current];
  const place = useMemo(() => {
    if (match === undefined) return null;
    const item = itemOfOffset(items, document, match.start);
    const holder = items[item];
    const from = holder === undefined ? 0 : startOfItem(holder, document);
    let first = current;
    while (first > 0 && (matches[first - 1]?.start ?? -1) >= from) first -= 1;
    return { item, ordinal: current - first };
  }, [match, items, document, current, matches]);
  const start = match?.start ?? null;
  useEffect(() => {
    if (start !== null) goTo(start, 'near');
  }, [start, goTo]);
  return place;
}

/** Changes when other blocks are drawn. */
function rangeKey(virtual: Blocks): string {
  return virtual
    .getVirtualItems()
    .map((item) => String(item.key))
    .join(' ');
}

function onReaderKey(
  event: KeyboardEvent<HTMLDivElement>,
  props: LogBodyProps,
  find: Find,
  document: LogDocument,
  section: number,
  goTo: (section: number) => void,
): void {
  if (event.target !== event.currentTarget && event.key !== 'Escape') return;
  if (hasCommand(event) && event.key.toLowerCase() === 'f') {
    event.preventDefault();
    find.ask();
  } else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === 'Escape') props.onLeave();
  else if (event.key === 'r') props.onRaw();
  else if (event.key === 'n' && find.open) find.move(event.shiftKey ? -1 : 1);
  else if (event.key === ']') goTo(Math.min(document.sections.length - 1, section + 1));
  else if (event.key === '[') goTo(Math.max(0, section - 1));
}
