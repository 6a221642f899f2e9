import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
} from 'react';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import type { LogText } from '../../../shared/domain/log-text.ts';
import { hasCommand } from '../../ui/state-words.ts';
import type { LogDocument } from '../../ui/markdown/log-document.ts';
import { useRootSize } from '../../ui/use-scroll-window.ts';
import { BodyItem } from './body-item.tsx';
import { Contents } from './contents.tsx';
import { FindBar } from './find-bar.tsx';
import styles from './log-reader.module.css';
import {
  itemOfOffset,
  offsetOfLine,
  rawItems,
  readerItems,
  startOfItem,
  type ReaderItem,
} from './reader-items.ts';
import { useFind, useHighlights, type Find } from './use-find.ts';

export interface LogBodyHandle {
  focus(): void;
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
  readonly timeZone: string;
  readonly onLeave: () => void;
  readonly onRaw: () => void;
  readonly ref?: Ref<LogBodyHandle>;
}

/** Rem of a line of text and of what surrounds a block: the guess before a block was measured. */
const LINE_REM = 1.375;
const AROUND_REM = 0.75;

/** The text of a log: only the blocks on screen are lexed and drawn, so 10 MB open and scroll like 10 KB. */
export function LogBody(props: LogBodyProps) {
  const { document, raw, title } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [revealed, setRevealed] = useState<ReadonlySet<number>>(new Set());
  const items = useMemo(
    () => (raw ? rawItems(document, revealed) : readerItems(document, revealed, title)),
    [document, raw, revealed, title],
  );
  const virtual = useBlocks(items, scroller);
  const find = useFind(document.text);
  const current = useCurrentMatch(find, items, document, virtual);
  useHighlights(scroller, find.open ? find.words : '', current, rangeKey(virtual));
  useGoToLine(props.line, items, document, virtual);
  const section = sectionOnTop(items, virtual);
  const goToSection = useCallback(
    (index: number) => {
      const start = document.sections[index]?.start ?? 0;
      virtual.scrollToIndex(itemOfOffset(items, document, start), { align: 'start' });
    },
    [document, items, virtual],
  );
  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus(),
    find: () => find.setOpen(true),
  }));
  const reveal = useCallback((index: number, show: boolean) => {
    setRevealed((now) => {
      const next = new Set(now);
      if (show) next.add(index);
      else next.delete(index);
      return next;
    });
  }, []);
  return (
    <>
      {find.open ? (
        <FindBar
          find={find}
          hidden={current !== null && items[current.item]?.kind === 'fold'}
          onClose={() => {
            find.setOpen(false);
            scroller.current?.focus();
          }}
        />
      ) : null}
      <div className={styles.body}>
        {/* The pane is scrolled by keyboard, so it takes the focus. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          ref={scroller}
          className={styles.scroller}
          tabIndex={0}
          role="region"
          aria-label={title}
          onKeyDown={(event) => onReaderKey(event, props, find, document, section, goToSection)}
        >
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
                  <BodyItem {...props} item={item} onReveal={reveal} />
                </div>
              );
            })}
          </div>
        </div>
        {props.contents && !raw ? (
          <Contents sections={document.sections} active={section} onGo={goToSection} />
        ) : null}
      </div>
    </>
  );
}

type Blocks = Virtualizer<HTMLDivElement, Element>;

function useBlocks(
  items: readonly ReaderItem[],
  scroller: { readonly current: HTMLDivElement | null },
): Blocks {
  const rem = useRootSize();
  return useVirtualizer<HTMLDivElement, Element>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const item = items[index];
      if (item === undefined || item.kind === 'card' || item.kind === 'fold') return 6 * rem;
      const lines = item.kind === 'raw' ? item.lines : item.block.lines;
      return (lines * LINE_REM + AROUND_REM) * rem;
    },
    overscan: 4,
    getItemKey: (index) => {
      const item = items[index];
      if (item === undefined) return index;
      if (item.kind === 'fold') return `fold:${item.section}`;
      return item.kind === 'card'
        ? 'card'
        : `${item.kind}:${item.kind === 'raw' ? item.start : item.block.start}`;
    },
  });
}

/** Where the current match is drawn: its item, and which of the matches inside that item it is. Scrolls to it when it changes. */
function useCurrentMatch(find: Find, items: readonly ReaderItem[], document: LogDocument, virtual: Blocks) {
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
  const item = place?.item ?? null;
  const ordinal = place?.ordinal ?? 0;
  useEffect(() => {
    if (item !== null) virtual.scrollToIndex(item, { align: ordinal > 2 ? 'start' : 'center' });
  }, [item, ordinal, virtual]);
  return place;
}

function useGoToLine(
  line: number | null,
  items: readonly ReaderItem[],
  document: LogDocument,
  virtual: Blocks,
): void {
  const gone = useRef<number | null>(null);
  useEffect(() => {
    if (line === null || line === gone.current) return;
    gone.current = line;
    virtual.scrollToIndex(itemOfOffset(items, document, offsetOfLine(document.text, line)), {
      align: 'start',
    });
  }, [line, items, document, virtual]);
}

/** Changes when other blocks are drawn. */
function rangeKey(virtual: Blocks): string {
  return virtual
    .getVirtualItems()
    .map((item) => String(item.key))
    .join(' ');
}

/** The section at the top of the pane; -1 above the first. */
function sectionOnTop(items: readonly ReaderItem[], virtual: Blocks): number {
  // A little below the edge, so that a heading that was gone to counts as read.
  const top = virtual.getVirtualItemForOffset((virtual.scrollOffset ?? 0) + 24);
  const item = top === undefined ? undefined : items[top.index];
  if (item?.kind === 'fold') return item.section;
  return item?.kind === 'block' ? item.block.section : -1;
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
    find.setOpen(true);
  } else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === 'Escape') props.onLeave();
  else if (event.key === 'r') props.onRaw();
  else if (event.key === 'n' && find.open) find.move(event.shiftKey ? -1 : 1);
  else if (event.key === ']') goTo(Math.min(document.sections.length - 1, section + 1));
  else if (event.key === '[') goTo(Math.max(0, section - 1));
}
