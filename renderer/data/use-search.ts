import { keepPreviousData, useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import type { SearchHit } from '../../shared/domain/search-answer.ts';
import type { CallInput } from '../../shared/ipc/contract.ts';
import type { ListFilters } from '../../shared/ipc/list-filters.ts';
import type { SearchFound } from '../../shared/ipc/searching.ts';
import { useApi } from './api-context.tsx';
import { ask, keyOf, type CallFailure } from './ask.ts';
import { isSearched, queryOf } from './filters.ts';

/** Words and what is chosen beside them, without paging. */
export type Question = Omit<CallInput<'search.find'>, 'box' | 'cursor' | 'limit' | 'typing' | 'snippets'>;

/** What was found so far. */
export interface Found {
  readonly hits: readonly SearchHit[];
  /** Of the last answer; null before the first. */
  readonly answer: SearchFound | null;
  /** True while the hits are those of the question before. */
  readonly older: boolean;
  readonly error: AppError | null;
  readonly retry: () => void;
  /** Asks for the next page, if there is one and none is on its way. */
  readonly more: () => void;
  readonly loadingMore: boolean;
}

const PAGE = 50;
const NO_HITS: readonly SearchHit[] = [];
/** A page and the question that it answers; the first has none yet. */
type PageName = { readonly cursor: string; readonly asked: string } | null;

/** The question of the list's filters; null when no words are looked for. */
export function questionOf(filters: ListFilters): Question | null {
  if (!isSearched(filters)) return null;
  const { text = '', groupBy: _groupBy, order: _order, ...chosen } = queryOf(filters);
  return { ...chosen, text };
}

/**
 * Finds as one types: the hits of the question before stay until those of this one are there, and answers to older questions are dropped.
 * @param question null asks nothing
 */
export function useSearch(question: Question | null): Found {
  const api = useApi();
  const asked = question ?? { text: '' };
  const query = useInfiniteQuery<
    SearchFound,
    CallFailure,
    InfiniteData<SearchFound, PageName>,
    readonly unknown[],
    PageName
  >({
    queryKey: keyOf('search.find', { ...asked, box: 'list' }),
    enabled: question !== null,
    initialPageParam: null,
    // The core ends the older question when a newer one comes; asking again begins anew because the signal is looked at.
    queryFn: ({ pageParam, signal }) => {
      signal.throwIfAborted();
      const page =
        pageParam === null
          ? { ...asked, typing: true }
          : { ...asked, text: pageParam.asked, cursor: pageParam.cursor };
      return ask(api, 'search.find', { ...page, box: 'list', limit: PAGE });
    },
    getNextPageParam: (last) => (last.next === null ? null : { cursor: last.next, asked: last.asked }),
    ...(question === null ? {} : { placeholderData: keepPreviousData }),
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const hits = useMemo(() => data?.pages.flatMap((page) => page.hits) ?? NO_HITS, [data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const retry = useCallback(() => void refetch(), [refetch]);
  const answer = question === null ? null : (data?.pages[0] ?? null);
  const error = question === null ? null : (query.error?.error ?? null);
  return useMemo(
    () => ({
      hits: question === null ? NO_HITS : hits,
      answer,
      older: query.isPlaceholderData,
      error,
      retry,
      more,
      loadingMore: isFetchingNextPage,
    }),
    [question, hits, answer, query.isPlaceholderData, error, retry, more, isFetchingNextPage],
  );
}
