import { useLayoutEffect, useRef, type RefObject } from 'react';
import { rowAtTop, topOf, type SectionLayout } from './section-layout.ts';
import { findNear } from './use-keep-place.ts';

export interface SteadyList {
  /** Identifies the list: another list begins at its top. */
  readonly scrollKey: string;
  readonly layout: SectionLayout;
  readonly count: number;
  /** Top of the window in pixels. */
  readonly top: number;
  /** A row's id, independent of its position; null while it is not loaded. */
  readonly idAt: (index: number) => string | null;
}

/** The row at the top of the window when it was last looked at. */
interface Held {
  readonly key: string;
  readonly index: number;
  readonly id: string | null;
  /** Pixels from the row's top to the window's. */
  readonly inside: number;
  readonly layout: SectionLayout | null;
}

/** Keeps the visible rows in place when others are added or removed above them. At its very top a list shows additions. */
export function useSteadyScroll(scroller: RefObject<HTMLElement | null>, list: SteadyList): void {
  const { scrollKey, layout, count, top, idAt } = list;
  const held = useRef<Held>({ key: '', index: 0, id: null, inside: 0, layout: null });
  useLayoutEffect(() => {
    const { key, index, id, inside } = held.current;
    const here = count === 0 ? null : idAt(index);
    // Its page is still loading: what is on screen is known once it has arrived.
    if (key === scrollKey && id !== null && here === null && index < count) return;
    // Headings and rows arrive one after the other, in either order: the row stays where it was in both steps.
    const isMoved = here !== id || held.current.layout !== layout;
    if (key === scrollKey && id !== null && top > 0 && isMoved) {
      const found = here === id ? index : findNear({ active: index, count, idAt }, id);
      const element = scroller.current;
      if (found !== null && element !== null) {
        const wanted = topOf(layout, found) + inside;
        if (wanted !== top) element.scrollTop = wanted;
        held.current = { key, index: found, id, inside, layout };
        return;
      }
    }
    const first = Math.min(count - 1, rowAtTop(layout, top));
    held.current =
      count === 0
        ? { key: scrollKey, index: 0, id: null, inside: 0, layout }
        : { key: scrollKey, index: first, id: idAt(first), inside: top - topOf(layout, first), layout };
  });
}
