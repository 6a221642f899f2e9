import { useAction } from './call.ts';
import { type FollowedRun, useFollow } from './use-followed.ts';

/** Starts and follows sealing. */
export function useSeal(): FollowedRun & { readonly start: (newRecovery: boolean) => void } {
  const follow = useFollow('seal');
  const seal = useAction('sealing.seal', follow.handlers);
  return {
    ...follow.run(seal.isPending),
    start(newRecovery) {
      follow.reset();
      seal.mutate({ newRecovery });
    },
  };
}

/** Starts and follows unsealing. */
export function useUnseal(): FollowedRun & { readonly start: () => void } {
  const follow = useFollow('unseal');
  const unseal = useAction('sealing.unseal', follow.handlers);
  return {
    ...follow.run(unseal.isPending),
    start() {
      follow.reset();
      unseal.mutate({});
    },
  };
}

/** Starts and follows the restore drill. */
export function useDrill(): FollowedRun & { readonly start: () => void } {
  const follow = useFollow('drill');
  const drill = useAction('sealing.drill', follow.handlers);
  return {
    ...follow.run(drill.isPending),
    start() {
      follow.reset();
      drill.mutate({});
    },
  };
}
