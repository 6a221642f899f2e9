import { useQuery } from '@tanstack/react-query';
import type { AppError } from '../../shared/app-error.ts';
import type { LogId } from '../../shared/domain/ids.ts';
import type { LogRow } from '../../shared/domain/log-query.ts';
import type { Api } from '../../shared/ipc/api.ts';
import { useApi } from './api-context.tsx';
import { ask, type CallFailure } from './ask.ts';

/** A log as far as it could be read here. */
export type LoadedLog = ReadableLog | { readonly state: 'not-pulled'; readonly row: LogRow };

export interface ReadableLog {
  readonly state: 'here';
  readonly row: LogRow;
  readonly text: string;
  /** Size of the whole log in bytes; more than was read when it exceeds {@link MOST_BYTES}. */
  readonly size: number;
  readonly complete: boolean;
  /** The file that was read, absolute. */
  readonly file: string;
}

const STRETCH = 4 * 1024 * 1024;
/** More than any log a person reads; beyond it an editor is the better tool, and the page says so. */
export const MOST_BYTES = 64 * 1024 * 1024;
const MOST_RESTARTS = 3;

/**
 * The text of a log, own or cached.
 * @param exact reads this exact copy instead of the session's fullest one
 */
export function useLogText(
  id: LogId | null,
  exact: boolean,
): {
  readonly log: LoadedLog | null;
  readonly error: AppError | null;
  readonly loading: boolean;
  readonly retry: () => void;
} {
  const api = useApi();
  const query = useQuery<LoadedLog, CallFailure>({
    queryKey: ['logs.read', { id, exact }],
    queryFn: () => readAll(api, exact ? { id: id as LogId, exact } : { id: id as LogId }),
    enabled: id !== null,
    // Texts are large: caching the last few is enough.
    gcTime: 20_000,
  });
  return {
    log: query.data ?? null,
    error: query.error?.error ?? null,
    loading: query.isPending && id !== null,
    retry: () => void query.refetch(),
  };
}

/** Reads chunk by chunk; restarts when the file changed in between. */
async function readAll(api: Api, which: { readonly id: LogId; readonly exact?: true }): Promise<LoadedLog> {
  for (let attempt = 0; ; attempt++) {
    const first = await ask(api, 'logs.read', { ...which, offset: 0, length: STRETCH });
    if (first.state === 'not-pulled') return first;
    const parts = [first.text];
    let [next, read, changed] = [first.next, first.length, false];
    while (next !== null && read < MOST_BYTES && !changed) {
      const stretch = await ask(api, 'logs.read', { ...which, offset: next, length: STRETCH });
      changed = stretch.state !== 'here' || stretch.tag !== first.tag;
      if (stretch.state !== 'here' || changed) break;
      parts.push(stretch.text);
      read += stretch.length;
      next = stretch.next;
    }
    // A log that grows faster than it can be read is shown as far as one pass got.
    if (changed && attempt < MOST_RESTARTS) continue;
    return {
      state: 'here',
      row: first.row,
      text: parts.join(''),
      size: first.size,
      complete: next === null,
      file: first.file,
    };
  }
}
