import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { findAll, findPattern, findRanges, type Match } from '../../ui/markdown/find.ts';

export interface Find {
  readonly open: boolean;
  readonly words: string;
  readonly matches: readonly Match[];
  /** Index of the current match; -1 for none. */
  readonly current: number;
  readonly setOpen: (open: boolean) => void;
  readonly setWords: (words: string) => void;
  readonly move: (step: 1 | -1) => void;
}

const NONE: readonly Match[] = [];

/**
 * Finding words in one log.
 * @param isShown whether what stands at an offset can be seen: a match that cannot be gone to is none
 */
export function useFind(text: string, isShown: (offset: number) => boolean): Find {
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const [current, setCurrent] = useState(0);
  const wanted = useDeferredValue(words);
  const matches = useMemo(() => {
    const pattern = open ? findPattern(wanted) : null;
    return pattern === null ? NONE : findAll(text, pattern).filter((match) => isShown(match.start));
  }, [open, wanted, text, isShown]);
  const move = useCallback(
    (step: 1 | -1) =>
      setCurrent((now) => (matches.length === 0 ? 0 : (now + step + matches.length) % matches.length)),
    [matches],
  );
  return {
    open,
    words,
    matches,
    current: matches.length === 0 ? -1 : Math.min(current, matches.length - 1),
    setOpen,
    setWords: (next) => {
      setWords(next);
      setCurrent(0);
    },
    move,
  };
}

/**
 * Marks what is drawn by the CSS Custom Highlight API, which changes no element; where it is missing the matches are only scrolled to.
 * @param current the item of the current match, and which of the matches in it is the current one
 * @param drawn changes when other items are drawn
 */
export function useHighlights(
  body: RefObject<HTMLElement | null>,
  words: string,
  current: { readonly item: number; readonly ordinal: number } | null,
  drawn: string,
): void {
  const shown = useRef('');
  useEffect(() => {
    const element = body.current;
    const pattern = words === '' ? null : findPattern(words);
    if (element === null || pattern === null || drawn === '' || typeof Highlight === 'undefined')
      return undefined;
    const all = new Highlight();
    const here = new Highlight();
    for (const item of element.querySelectorAll('[data-index]')) {
      const ranges = findRanges(item, pattern);
      const isCurrent = current !== null && item.getAttribute('data-index') === String(current.item);
      for (const [index, range] of ranges.entries()) {
        if (isCurrent && index === Math.min(current.ordinal, ranges.length - 1)) here.add(range);
        else all.add(range);
      }
    }
    const name = current === null ? '' : `${words} ${current.item} ${current.ordinal}`;
    const [range] = here;
    if (range instanceof Range && shown.current !== name) {
      shown.current = name;
      bringIntoView(element, range);
    }
    CSS.highlights.set('find', all);
    CSS.highlights.set('find-current', here);
    return () => {
      CSS.highlights.delete('find');
      CSS.highlights.delete('find-current');
    };
  }, [body, words, current, drawn]);
}

/** Scrolls a match to the upper part of the pane, unless it can be seen already. */
function bringIntoView(scroller: HTMLElement, range: Range): void {
  const match = range.getBoundingClientRect();
  const pane = scroller.getBoundingClientRect();
  if (match.top >= pane.top + 8 && match.bottom <= pane.bottom - 8) return;
  scroller.scrollTop += match.top - pane.top - pane.height / 3;
}
