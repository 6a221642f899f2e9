import type { AppError } from '../../shared/app-error.ts';
import type { CallInput } from '../../shared/ipc/contract.ts';
import { useAction } from './call.ts';

/** What a person can start or stop manually. */
export interface SyncActions {
  /** Pushes, then checks for what others pushed: the same as `session-log sync`. */
  readonly sync: () => void;
  readonly push: () => void;
  readonly index: () => void;
  readonly full: () => void;
  /** One workspace by its path, or all of them and the vault. */
  readonly gitSync: (workspace?: string) => void;
  /** Pulls every log of the team into the cache. */
  readonly pullAll: () => void;
  readonly cancel: (operation: string) => void;
  readonly pause: (how: CallInput<'pause.set'>['for']) => void;
  readonly resume: () => void;
}

/**
 * Starts and stops operations. A start is visible in the status; only a refusal needs a message.
 * @param onFailed called with the reason for a refusal
 */
export function useSyncActions(onFailed: (error: AppError) => void): SyncActions {
  const handlers = { onFailed };
  const push = useAction('sync.push', handlers);
  const index = useAction('sync.index', handlers);
  const full = useAction('sync.full', handlers);
  const git = useAction('gitSync.run', handlers);
  const pull = useAction('logs.pull', handlers);
  const cancel = useAction('operations.cancel', handlers);
  const pause = useAction('pause.set', handlers);
  const resume = useAction('pause.clear', handlers);
  return {
    sync: () => {
      push.mutate({});
      index.mutate({});
    },
    push: () => push.mutate({}),
    index: () => index.mutate({}),
    full: () => full.mutate({}),
    gitSync: (workspace) => git.mutate(workspace === undefined ? {} : { workspace }),
    pullAll: () => pull.mutate({ query: {} }),
    cancel: (operation) => cancel.mutate({ operation }),
    pause: (how) => pause.mutate({ for: how }),
    resume: () => resume.mutate({}),
  };
}
