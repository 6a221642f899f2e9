import { useCallback } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import type { RemedyAction } from '../../shared/format/window-remedy.ts';
import type { Route } from '../../shared/ipc/route.ts';
import { useAction } from './call.ts';

/**
 * Carries out a remedy's action.
 * @param go shows a place
 * @param onFailed called with the reason for a refusal
 */
export function usePerform(
  go: (route: Route) => void,
  onFailed: (error: AppError) => void,
): (action: RemedyAction) => void {
  const handlers = { onFailed };
  const { mutate: push } = useAction('sync.push', handlers);
  const { mutate: index } = useAction('sync.index', handlers);
  const { mutate: full } = useAction('sync.full', handlers);
  const { mutate: git } = useAction('gitSync.run', handlers);
  return useCallback(
    (action) => {
      if (action.kind === 'go') {
        go(action.route);
        return;
      }
      const runs = { push, index, full, 'git-sync': git };
      runs[action.run]({});
    },
    [go, push, index, full, git],
  );
}
