import { useQueries } from '@tanstack/react-query';
import { useApi } from './api-context.tsx';
import { ask } from './ask.ts';

/** More people than a team has; the others keep their short names. */
const MOST = 60;

/**
 * The full names of people as their newest sessions give them, by short name; asked for once, because names seldom change.
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
