import { useCallback, useState } from 'react';
import type { CallInput, CallOutput } from '../../shared/ipc/contract.ts';
import type { SessionRow } from '../../shared/transcripts/session-list.ts';
import type { CallFailure } from './ask.ts';
import { useCall } from './call.ts';

const PAGE = 100;

export type SessionFilter = Omit<CallInput<'sessions.list'>, 'offset' | 'limit'>;

/** Agent sessions, of which only those on screen are loaded. */
export interface SessionRows {
  /** The totals from the first page on screen; undefined before the first answer. */
  readonly page: CallOutput<'sessions.list'> | undefined;
  readonly error: CallFailure | null;
  readonly retry: () => void;
  /** Null while it is pending. */
  readonly rowAt: (index: number) => SessionRow | null;
  /** The rows on screen changed; `to` is exclusive. */
  readonly onWindow: (from: number, to: number) => void;
}

/** Loads the pages of sessions that the list's window touches: at most two, since a screen is shorter than a page. */
export function useSessionList(filter: SessionFilter): SessionRows {
  const [pages, setPages] = useState({ first: 0, last: 0 });
  const first = useCall('sessions.list', stretch(filter, pages.first), { keepPrevious: true });
  const last = useCall('sessions.list', stretch(filter, pages.last), { keepPrevious: true });
  const onWindow = useCallback((from: number, to: number) => {
    const next = { first: pageOf(from), last: pageOf(Math.max(from, to - 1)) };
    setPages((now) => (now.first === next.first && now.last === next.last ? now : next));
  }, []);
  const rowAt = (index: number): SessionRow | null => {
    const page = pageOf(index);
    const answer = page === pages.first ? first : page === pages.last ? last : null;
    // Placeholder rows of another query are at other positions.
    if (answer === null || answer.isPlaceholderData) return null;
    return answer.data?.rows[index - page * PAGE] ?? null;
  };
  return {
    page: first.data,
    error: first.error,
    retry: () => void first.refetch(),
    rowAt,
    onWindow,
  };
}

function pageOf(index: number): number {
  return Math.floor(index / PAGE);
}

function stretch(filter: SessionFilter, page: number): CallInput<'sessions.list'> {
  return { ...filter, offset: page * PAGE, limit: PAGE };
}
