import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { publishKept } from './share-kept.ts';
import { recordRun } from './record-run.ts';
import { push as pushLogs, type PushOptions } from '../sync/push.ts';
import type { PushReport } from '../sync/push-tally.ts';
import type { Outcome } from './outcome.ts';
import type { StoreBase } from './store-base.ts';

/**
 * Pushes new and grown logs and this machine's shard, and records the result. Safe to repeat and to interrupt at any moment.
 * @returns the problem says which logs are not stored and why; a failure when it could not begin
 */
export function push(base: StoreBase, options: PushOptions = {}): Answer<Outcome<PushReport>> {
  return recordRun(base, 'push', options, async () => {
    const pushed = await pushLogs(base.sync, options);
    if (!pushed.ok || pushed.value.problem !== null) return pushed;
    const shared = await publishKept(base, options);
    return shared.ok ? pushed : ok({ ...pushed.value, problem: shared.error });
  });
}
