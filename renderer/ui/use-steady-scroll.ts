import { useLayoutEffect, useRef, type RefObject } from 'react';
import { rowAtTop, topOf, type SectionLayout } from './section-layout.ts';
import { findNear } from './use-keep-place.ts';

export interface SteadyList {
  /** Names what is listed: another list begins at its top. */
  readonly scrollKey: string;
  readonly layout: SectionLayout;
  readonly count: number;
  /** Top of the window in pixels. */
  readonly top: number;
  /** What a row is known by wherever it stands; null while it is not loaded. */
  readonly idAt: (index: number) => string | null;
}

/** When rows come or go above what is on screen, that stays where it is. At its very top a list shows what comes. */
export function useSteadyScroll(scroller: RefObject<HTMLElement | null>, list: SteadyList): void {
  const { scrollKey, layout, count, top, idAt } = list;
  const held = useRef<{
    readonly key: string;
    readonly index: number;
    readonly id: string | null;
    readonly inside: number;
  }>({
    key: '',
    index: 0,
    id: null,
    inside: 0,
  });
  useLayoutEffect(() => {
    const { key, index, id, inside } = held.current;
    const here = count === 0 ? null : idAt(index);
    // Its page is on its way: what is on screen is known when that has come.
    if (key === scrollKey && id !== null && here === null && index < count) return;
    if (key === scrollKey && id !== null && top > 0 && here !== id) {
      const found = findNear({ active: index, count, idAt }, id);
      const element = scroller.current;
      if (found !== null && element !== null) {
        element.scrollTop = topOf(layout, found) + inside;
        held.current = { key, index: found, id, inside };
        return;
      }
    }
    const first = Math.min(count - 1, rowAtTop(layout, top));
    held.current =
      count === 0
        ? { key: scrollKey, index: 0, id: null, inside: 0 }
        : { key: scrollKey, index: first, id: idAt(first), inside: top - topOf(layout, first) };
  });
}
