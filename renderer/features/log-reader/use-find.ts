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
  /** What is looked for; null for nothing. */
  readonly pattern: RegExp | null;
  readonly matches: readonly Match[];
  /** Index of the current match; -1 for none. */
  readonly current: number;
  /** How often a person has asked for the bar, which takes the focus then; 0 while only a search has opened it. */
  readonly asked: number;
  readonly ask: () => void;
  readonly close: () => void;
  readonly setWords: (words: string) => void;
  readonly move: (step: 1 | -1) => void;
  /** Marks any of some words, beginning with the first at or behind an offset of the text. */
  readonly mark: (words: readonly string[], from: number) => void;
}

/** Words that are looked for: as a person typed them, or any of those that a search has found. */
interface Wanted {
  readonly words: string;
  readonly any: readonly string[] | null;
}

const NONE: readonly Match[] = [];

/**
 * Finding words in one log.
 * @param isShown whether what stands at an offset can be seen: a match that cannot be gone to is none
 */
export function useFind(text: string, isShown: (offset: number) => boolean): Find {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState<Wanted>({ words: '', any: null });
  const [asked, setAsked] = useState(0);
  /** The match that a person is at: its number, or the first behind an offset. */
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
 * Marks what is drawn by the CSS Custom Highlight API, which changes no element; where it is missing the matches are only scrolled to.
 * @param current the item of the current match, and which of the matches in it is the current one
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
