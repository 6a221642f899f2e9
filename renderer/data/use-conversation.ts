import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useEffect, useEffectEvent, useMemo } from 'react';
import type { CallInput } from '../../shared/ipc/contract.ts';
import type { ConversationPage } from '../../shared/ipc/sessions.ts';
import type { TranscriptEvent } from '../../shared/transcripts/events.ts';
import { foldEvents } from '../../shared/transcripts/fold-events.ts';
import type { SessionKey } from '../../shared/transcripts/session-list.ts';
import { useApi } from './api-context.tsx';
import { ask, keyOf, type CallFailure } from './ask.ts';
import { useEvent } from './use-event.ts';

/** Events per page: a few screens of a conversation, and no more than can be drawn at once. */
const PAGE = 300;

/** The part of a conversation read so far. */
export interface Conversation {
  /** Null before the first answer. */
  readonly about: ConversationPage | null;
  /** Settled: rewritten events appear once, retracted ones are gone. */
  readonly events: readonly TranscriptEvent[];
  readonly error: CallFailure | null;
  readonly retry: () => void;
  readonly hasMore: boolean;
  readonly loading: boolean;
  /** Reads the next page. */
  readonly more: () => void;
  /** Rereads the last page: an active session grows there. */
  readonly look: () => void;
}

type Pages = InfiniteData<ConversationPage, number>;

/**
 * Reads a conversation page by page, so that one of 200 MB opens as fast as a short one.
 * @param file name of one of its files; null for the conversation itself
 * @param from byte offset to begin at
 */
export function useConversation(session: SessionKey, file: string | null, from: number): Conversation {
  const api = useApi();
  const { agent, id } = session;
  const first: CallInput<'sessions.conversation'> = {
    agent,
    id,
    ...(file === null ? {} : { file }),
    from,
    limit: PAGE,
  };
  const key = keyOf('sessions.conversation', first);
  const query = useInfiniteQuery<ConversationPage, CallFailure, Pages, readonly unknown[], number>({
    queryKey: key,
    initialPageParam: from,
    queryFn: ({ pageParam }) => ask(api, 'sessions.conversation', { ...first, from: pageParam }),
    getNextPageParam: (last) => last.next,
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const events = useMemo(() => {
    const folded = foldEvents();
    for (const page of data?.pages ?? []) folded.add(page.events);
    return folded.events();
  }, [data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const client = useQueryClient();
  const look = (): void => {
    const at = data?.pageParams.at(-1);
    if (at === undefined || query.isFetching) return;
    void ask(api, 'sessions.conversation', { ...first, from: at }).then(
      (page) =>
        client.setQueryData<Pages>(key, (now) =>
          // Pages read meanwhile are newer.
          now?.pageParams.at(-1) === at ? { ...now, pages: [...now.pages.slice(0, -1), page] } : now,
        ),
      // The next poll or the next page reports it.
      () => undefined,
    );
  };
  return {
    about: data?.pages[0] ?? null,
    events,
    error: query.error,
    retry: () => void (data === undefined ? refetch() : fetchNextPage()),
    hasMore: hasNextPage,
    loading: query.isFetching,
    more,
    look,
  };
}

/** Poll interval for an active session, and for one that has been quiet for long; milliseconds. */
const [SOON_MS, LATER_MS] = [5_000, 60_000];

/**
 * Shows additions to a session while its end is being read.
 * @param isGoing whether it was written to just before
 */
export function useGrowth({ hasMore, about, look }: Conversation, isGoing: boolean): void {
  const isWatched = !hasMore && about?.from === 'agent';
  const again = useEffectEvent(() => {
    if (isWatched && !document.hidden) look();
  });
  useEvent('sessions.changed', again);
  useEffect(() => {
    if (!isWatched) return undefined;
    const timer = setInterval(again, isGoing ? SOON_MS : LATER_MS);
    return () => clearInterval(timer);
  }, [isWatched, isGoing]);
}
