import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import {
  anyPattern,
  bringIntoView,
  findAll,
  findPattern,
  findRanges,
  type Match,
} from '../../ui/markdown/find.ts';

export interface Find {
  readonly open: boolean;
  readonly words: string;
  /** The search pattern; null for none. */
  readonly pattern: RegExp | null;
  readonly matches: readonly Match[];
  /** Index of the current match; -1 for none. */
  readonly current: number;
  /** How often a person has requested the bar, which then takes the focus; 0 while only a search has opened it. */
  readonly asked: number;
  readonly ask: () => void;
  readonly close: () => void;
  readonly setWords: (words: string) => void;
  readonly move: (step: 1 | -1) => void;
  /** Highlights any of the words, beginning with the first match at or after an offset of the text. */
  readonly mark: (words: readonly string[], from: number) => void;
}

/** The words to find: as typed by a person, or any of those found by a search. */
interface Wanted {
  readonly words: string;
  readonly any: readonly string[] | null;
}

const NONE: readonly Match[] = [];

/**
 * Finds words in one log.
 * @param isShown whether the text at an offset is visible: other matches are ignored
 */
export function useFind(text: string, isShown: (offset: number) => boolean): Find {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState<Wanted>({ words: '', any: null });
  const [asked, setAsked] = useState(0);
  /** The current match: its number, or the first after an offset. */
  const [place, setPlace] = useState<number | { readonly from: number }>(0);
  const looked = useDeferredValue(wanted);
  const pattern = useMemo(() => {
    if (!open) return null;
    return looked.any === null ? findPattern(looked.words) : anyPattern(looked.any);
  }, [open, looked]);
  const matches = useMemo(
    () => (pattern === null ? NONE : findAll(text, pattern).filter((match) => isShown(match.start))),
    [pattern, text, isShown],
  );
  const current = useMemo(() => {
    if (matches.length === 0) return -1;
    if (typeof place === 'number') return Math.min(place, matches.length - 1);
    return Math.max(
      0,
      matches.findIndex(({ start }) => start >= place.from),
    );
  }, [matches, place]);
  const move = useCallback(
    (step: 1 | -1) => setPlace(matches.length === 0 ? 0 : (current + step + matches.length) % matches.length),
    [matches, current],
  );
  const mark = useCallback((any: readonly string[], from: number) => {
    setWanted({ words: any.join(' '), any });
    setPlace({ from });
    setAsked(0);
    setOpen(true);
  }, []);
  const ask = useCallback(() => {
    setAsked((now) => now + 1);
    setOpen(true);
  }, []);
  const close = useCallback(() => setOpen(false), []);
  return {
    open,
    words: wanted.words,
    pattern,
    matches,
    current,
    asked,
    ask,
    close,
    setWords: (words) => {
      setWanted({ words, any: null });
      setPlace(0);
    },
    move,
    mark,
  };
}

/**
 * Highlights drawn matches with the CSS Custom Highlight API, which changes no element; without it, matches are only scrolled to.
 * @param current the item of the current match, and its index among the matches there
 * @param drawn changes when other items are drawn
 */
export function useHighlights(
  body: RefObject<HTMLElement | null>,
  pattern: RegExp | null,
  current: { readonly item: number; readonly ordinal: number } | null,
  drawn: string,
): void {
  const shown = useRef('');
  useEffect(() => {
    const element = body.current;
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
    const name = current === null ? '' : `${pattern.source} ${current.item} ${current.ordinal}`;
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
  }, [body, pattern, current, drawn]);
}
