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

/** Events of a page: some screens of a conversation, and no more than draws at once. */
const PAGE = 300;

/** A conversation as far as it was read. */
export interface Conversation {
  /** Null before the first answer. */
  readonly about: ConversationPage | null;
  /** Settled: what was written again stands once, what was taken back is gone. */
  readonly events: readonly TranscriptEvent[];
  readonly error: CallFailure | null;
  readonly retry: () => void;
  readonly hasMore: boolean;
  readonly loading: boolean;
  /** Reads the next stretch. */
  readonly more: () => void;
  /** Reads the last stretch again: a session that goes on grows there. */
  readonly look: () => void;
}

type Pages = InfiniteData<ConversationPage, number>;

/**
 * Reads a conversation stretch by stretch, so that one of 200 MB opens as fast as a short one.
 * @param file name of a file of it; null for the conversation itself
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
          // What was read on meanwhile is newer.
          now?.pageParams.at(-1) === at ? { ...now, pages: [...now.pages.slice(0, -1), page] } : now,
        ),
      // The next look says it, or the next stretch.
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

/** Between two looks at a session that goes on, and at one that has been quiet for long; milliseconds. */
const [SOON_MS, LATER_MS] = [5_000, 60_000];

/**
 * Shows what is added to a session while its end is read.
 * @param isGoing whether something was written just before
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
