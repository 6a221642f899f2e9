import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { PushOptions } from '../sync/push.ts';
import type { PushReport } from '../sync/push-tally.ts';
import type { Outcome } from './outcome.ts';
import { pullIndex, type IndexReport } from './pull-index.ts';
import type { TextsOptions } from './pull-team-texts.ts';
import { push } from './push.ts';
import type { NotesOptions } from './receive-notes.ts';
import type { StoreBase } from './store-base.ts';

export interface PushAndLookReport {
  readonly push: PushReport;
  readonly index: IndexReport;
}

/**
 * The default sync: pushes what is new here, then pulls what the others have pushed.
 * @returns the first problem of either; a failure when one of them could not begin, the push's before the pull's
 */
export async function pushAndLook(
  base: StoreBase,
  options: PushOptions & NotesOptions & TextsOptions,
): Answer<Outcome<PushAndLookReport>> {
  const pushed = await push(base, options);
  if (!pushed.ok) return pushed;
  const index = await pullIndex(base, options);
  if (!index.ok) return index;
  return ok({
    report: { push: pushed.value.report, index: index.value.report },
    problem: pushed.value.problem ?? index.value.problem,
  });
}
