import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { CallInput } from '../../shared/ipc/contract.ts';
import type { ConversationPage } from '../../shared/ipc/sessions.ts';
import type { TranscriptEvent } from '../../shared/transcripts/events.ts';
import { foldEvents } from '../../shared/transcripts/fold-events.ts';
import type { SessionKey } from '../../shared/transcripts/session-list.ts';
import { useApi } from './api-context.tsx';
import { ask, keyOf, type CallFailure } from './ask.ts';

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
}

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
  const query = useInfiniteQuery<
    ConversationPage,
    CallFailure,
    InfiniteData<ConversationPage, number>,
    readonly unknown[],
    number
  >({
    queryKey: keyOf('sessions.conversation', first),
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
  return {
    about: data?.pages[0] ?? null,
    events,
    error: query.error,
    retry: () => void (data === undefined ? refetch() : fetchNextPage()),
    hasMore: hasNextPage,
    loading: query.isFetching,
    more,
  };
}
