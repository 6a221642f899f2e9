import { useQueries } from '@tanstack/react-query';
import { useApi } from './api-context.tsx';
import { ask } from './ask.ts';

/** More people than a team has; the others are shown by their short names. */
const MOST = 60;

/**
 * People's full names from their newest sessions, by short name; fetched once, because names seldom change.
 * @param users short names
 */
export function usePeople(users: readonly string[]): ReadonlyMap<string, string> {
  const api = useApi();
  return useQueries({
    queries: users.slice(0, MOST).map((user) => ({
      queryKey: ['person', user],
      queryFn: async () => (await ask(api, 'logs.page', { users: [user], limit: 1 })).rows[0]?.author ?? null,
    })),
    combine: (results) =>
      new Map(
        results.flatMap(({ data }, index) =>
          typeof data === 'string' ? [[users[index] ?? '', data] as const] : [],
        ),
      ),
  });
}
