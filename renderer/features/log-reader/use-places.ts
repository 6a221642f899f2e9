import type { Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { sectionOfOffset, type LogDocument } from '../../ui/markdown/log-document.ts';
import { itemOfOffset, type ReaderItem } from './reader-items.ts';

type Blocks = Virtualizer<HTMLDivElement, Element>;

/** Frames during which measured heights above the target may still move it. */
const SETTLING_FRAMES = 12;
const NEAR_PX = 1.5;

/**
 * Scrolls to an offset of the text: first to its item, whose position may be an estimate, then frame by frame to the exact block
 * as heights become known. With `near` it is enough that the block is drawn. Any scrolling by the person ends it.
 */
export function useGoTo(
  scroller: RefObject<HTMLDivElement | null>,
  virtual: Blocks,
  items: readonly ReaderItem[],
  document: LogDocument,
): (offset: number, how?: 'near') => void {
  const frame = useRef(0);
  useEffect(() => {
    const element = scroller.current;
    const stop = (): void => cancelAnimationFrame(frame.current);
    element?.addEventListener('wheel', stop, { passive: true });
    element?.addEventListener('pointerdown', stop, { passive: true });
    return () => {
      stop();
      element?.removeEventListener('wheel', stop);
      element?.removeEventListener('pointerdown', stop);
    };
  }, [scroller]);
  return useCallback(
    (offset, how) => {
      cancelAnimationFrame(frame.current);
      const index = itemOfOffset(items, document, offset);
      let left = SETTLING_FRAMES;
      const step = (): void => {
        const element = scroller.current;
        if (element === null || left === 0) return;
        left -= 1;
        const block = blockAt(element, index, offset);
        if (block === null) element.scrollTop = virtual.getOffsetForIndex(index, 'start')?.[0] ?? 0;
        else if (how === 'near') return;
        else {
          const away = block.getBoundingClientRect().top - element.getBoundingClientRect().top;
          if (Math.abs(away) > NEAR_PX) element.scrollTop += away;
        }
        frame.current = requestAnimationFrame(step);
      };
      step();
    },
    [scroller, virtual, items, document],
  );
}

/** The drawn block that contains an offset; null while its item is not drawn. */
function blockAt(scroller: Element, index: number, offset: number): Element | null {
  const item = scroller.querySelector(`[data-index="${index}"]`);
  if (item === null) return null;
  const blocks = [...item.querySelectorAll('[data-start]')];
  return blocks.findLast((block) => Number(block.getAttribute('data-start')) <= offset) ?? item;
}

/** The section at the top of the pane; -1 above the first. */
export function useActiveSection(scroller: RefObject<HTMLDivElement | null>, document: LogDocument): number {
  const [active, setActive] = useState(-1);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    let frame = 0;
    const read = (): void => {
      // A little below the edge, so that a heading scrolled to counts as current.
      const edge = element.getBoundingClientRect().top + 32;
      const above = [...element.querySelectorAll('[data-start]')].findLast(
        (block) => block.getBoundingClientRect().top <= edge,
      );
      setActive(
        above === undefined ? -1 : sectionOfOffset(document, Number(above.getAttribute('data-start'))),
      );
    };
    const onScroll = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(read);
    };
    onScroll();
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, document]);
  return active;
}

/** Scrolls to a line each time it is requested. */
export function useGoToLine(
  line: number | null,
  offsetOf: (line: number) => number,
  goTo: (offset: number) => void,
): void {
  const gone = useRef<number | null>(null);
  useEffect(() => {
    if (line === null || line === gone.current) return;
    gone.current = line;
    goTo(offsetOf(line));
  }, [line, offsetOf, goTo]);
}
