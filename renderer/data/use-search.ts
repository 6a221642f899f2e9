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

/** Words and filters, without paging. */
export type Question = Omit<CallInput<'search.find'>, 'box' | 'cursor' | 'limit' | 'typing' | 'snippets'>;

/** The hits found so far. */
export interface Found {
  readonly hits: readonly SearchHit[];
  /** The last answer; null before the first. */
  readonly answer: SearchFound | null;
  /** True while the hits are those of the previous query. */
  readonly older: boolean;
  readonly error: AppError | null;
  readonly retry: () => void;
  /** Loads the next page, if there is one and none is pending. */
  readonly more: () => void;
}

const PAGE = 50;
const NO_HITS: readonly SearchHit[] = [];
/** A page and the query it answers; the first has none yet. */
type PageName = { readonly cursor: string; readonly asked: string } | null;

/** The query of the list's filters; null without words. */
export function questionOf(filters: ListFilters): Question | null {
  if (!isSearched(filters)) return null;
  const { text = '', groupBy: _groupBy, order: _order, ...chosen } = queryOf(filters);
  return { ...chosen, text };
}

/**
 * Searches while typing: the previous query's hits stay until the new ones arrive, and answers to older queries are dropped.
 * @param question null searches nothing
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
    // The core cancels the older query when a newer one arrives; a repeated one starts over because the signal is
    // checked.
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
    }),
    [question, hits, answer, query.isPlaceholderData, error, retry, more],
  );
}
