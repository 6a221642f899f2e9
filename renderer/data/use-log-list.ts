import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import type { LogGroup, LogRow } from '../../shared/domain/log-query.ts';
import type { CallInput } from '../../shared/ipc/contract.ts';
import { useApi } from './api-context.tsx';
import { ask, keyOf } from './ask.ts';
import { useCall } from './call.ts';

/** What the list shows: filters and order, without paging. */
export type ListQuery = CallInput<'logs.groups'>;

export interface LogList {
  readonly groups: readonly LogGroup[];
  readonly total: number;
  /** A loaded row; null while it is pending. */
  readonly row: (index: number) => LogRow | null;
  /** Reports which rows are on screen (`to` is exclusive), so that their pages are loaded. */
  readonly show: (from: number, to: number) => void;
  readonly loading: boolean;
  readonly error: AppError | null;
  readonly retry: () => void;
}

const PAGE = 100;
const NO_GROUPS: readonly LogGroup[] = [];

/** A list of any length: its headings at once, its rows by page as they come into view. */
export function useLogList(query: ListQuery): LogList {
  const api = useApi();
  const groups = useCall('logs.groups', query, { keepPrevious: true });
  const [window, setWindow] = useState({ first: 0, last: 0 });
  const show = useCallback((from: number, to: number) => {
    const next = { first: Math.floor(from / PAGE), last: Math.floor(Math.max(from, to - 1) / PAGE) };
    setWindow((now) => (now.first === next.first && now.last === next.last ? now : next));
  }, []);
  const total = groups.data?.total ?? 0;
  const last = Math.min(window.last, Math.max(0, Math.ceil(total / PAGE) - 1));
  const numbers = Array.from(
    { length: Math.max(0, last - window.first + 1) },
    (_, index) => window.first + index,
  );

  const pages = useQueries({
    queries: numbers.map((number) => {
      const input = { ...query, offset: number * PAGE, limit: PAGE };
      return { queryKey: keyOf('logs.page', input), queryFn: () => ask(api, 'logs.page', input) };
    }),
    combine: (results) => ({
      rows: results.map((result) => result.data?.rows),
      error: results.find((result) => result.error)?.error ?? null,
      retry: () => {
        for (const result of results) void result.refetch();
      },
    }),
  });
  const { rows } = pages;
  const { first } = window;
  const row = useCallback(
    (index: number) => rows[Math.floor(index / PAGE) - first]?.[index % PAGE] ?? null,
    [rows, first],
  );
  const error = groups.error?.error ?? errorOf(pages.error);
  return useMemo(
    () => ({
      groups: groups.data?.groups ?? NO_GROUPS,
      total,
      row,
      show,
      loading: groups.data === undefined && groups.isPending,
      error,
      retry: () => {
        void groups.refetch();
        pages.retry();
      },
    }),
    [groups, pages, total, row, show, error],
  );
}

function errorOf(failure: unknown): AppError | null {
  if (failure === null || typeof failure !== 'object' || !('error' in failure)) return null;
  return failure.error as AppError;
}
