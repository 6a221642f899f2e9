import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogId } from '../../shared/domain/ids.ts';
import { recall, remember } from '../ui/memory.ts';
import { useShort } from '../ui/use-narrow.ts';

/** Moving through the list opens the log under the resting cursor; holding a key must not load every log on the way. */
const REST_MS = 110;

/** The cursor of a list that a narrow window has hidden; null for none. */
export interface LeftRow {
  readonly query: string;
  readonly active: number;
}

/**
 * The row with the cursor. Its log opens once the cursor rests, except in a narrow window, where opening hides the list: there only a
 * click or Enter opens.
 * @param left where the cursor stands again when that list comes back
 */
export function useActive<R extends { readonly id: LogId }>(
  shown: LogId | null,
  query: unknown,
  narrow: boolean,
  open: (row: R, how?: 'replace') => void,
  left: { current: LeftRow | null },
) {
  const [state, setState] = useState(() => {
    const isBack = narrow && left.current?.query === JSON.stringify(query);
    return { query, active: isBack ? (left.current?.active ?? -1) : -1 };
  });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  // A row of an older list is no longer opened: its address would restore the previous query.
  const latest = useRef(query);
  useEffect(() => void (latest.current = query), [query]);
  const onActive = useCallback(
    (index: number, row: R | null, how: 'key' | 'pointer' | 'follow') => {
      setState({ query, active: index });
      left.current = { query: JSON.stringify(query), active: index };
      clearTimeout(timer.current ?? undefined);
      if (row === null || row.id === shown || how === 'follow' || (narrow && how === 'key')) return;
      const place = shown === null ? undefined : 'replace';
      const show = (): void => (latest.current === query ? open(row, place) : undefined);
      if (how === 'pointer') show();
      else timer.current = setTimeout(show, REST_MS);
    },
    [query, shown, narrow, open, left],
  );
  // Another list has no cursor yet: the old number would point at an unrelated row.
  return { active: state.query === query ? state.active : -1, onActive };
}

/** Whether the calendar is shown. Not in a small window, unless a person opens it there; that is not remembered. */
export function useActivity() {
  const short = useShort();
  const [wanted, setWanted] = useState(() => recall('activity', true));
  const [wantedShort, setWantedShort] = useState(false);
  return {
    shown: short ? wantedShort : wanted,
    show: (shown: boolean): void => {
      if (short) setWantedShort(shown);
      else {
        setWanted(shown);
        remember('activity', shown);
      }
    },
  };
}
