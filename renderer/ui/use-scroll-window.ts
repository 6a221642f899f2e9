import { useEffect, useLayoutEffect, useState, type RefObject } from 'react';

/** The visible part of a scroller, in pixels; updated once per frame while scrolling. */
export interface ScrollWindow {
  readonly top: number;
  readonly height: number;
}

/** Follows an element's scroll position and size. */
export function useScrollWindow(scroller: RefObject<HTMLElement | null>): ScrollWindow {
  const [view, setView] = useState<ScrollWindow>({ top: 0, height: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const read = (): void => {
      const next = { top: element.scrollTop, height: element.clientHeight };
      setView((now) => (now.top === next.top && now.height === next.height ? now : next));
    };
    read();
    // Scroll events already fire once per frame, before painting.
    element.addEventListener('scroll', read, { passive: true });
    const sizes = new ResizeObserver(read);
    sizes.observe(element);
    return () => {
      element.removeEventListener('scroll', read);
      sizes.disconnect();
    };
  }, [scroller]);
  return view;
}

/** Pixels per rem: heights of virtual rows must grow with the reader's text size. */
export function useRootSize(): number {
  const [size, setSize] = useState(rootSize);
  useEffect(() => {
    const read = (): void => setSize(rootSize());
    window.addEventListener('resize', read);
    return () => window.removeEventListener('resize', read);
  }, []);
  return size;
}

function rootSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** The inline size of an element in pixels. */
export function useInlineSize(element: RefObject<HTMLElement | null>): number {
  const [size, setSize] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const read = (): void => setSize(target.clientWidth);
    read();
    const sizes = new ResizeObserver(read);
    sizes.observe(target);
    return () => sizes.disconnect();
  }, [element]);
  return size;
}
