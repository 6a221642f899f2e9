import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { SealingJoin } from '../../../shared/ipc/sealing.ts';
import { joinBecauseOf } from '../../core/workflows/team-machines.ts';
import { push } from '../../core/workflows/push.ts';
import { failureOf } from '../cli-context.ts';
import { pushText } from '../sync-text.ts';
import { done, failed, settingsNow, stopped, type SetupRun, type StepDone } from './setup-run.ts';

/** The first push: proves that the store can be reached and written. */
export async function pushStep(run: SetupRun): Answer<StepDone> {
  const { asker, options, context } = run;
  const settings = settingsNow(run);
  if (!settings.ok) return failed('push', settings.error);
  if (!options.push) return done('push', 'skipped', ['Nothing was pushed.']);
  if (asker !== null) {
    const wanted = await asker.confirm('Push the logs of this machine now, as a test of the store?', true);
    if (wanted === null) return stopped();
    if (!wanted) return done('push', 'skipped', ['Nothing was pushed: session-log sync --push']);
  } else if (!options.yes && options.store === undefined && options.invitation === undefined)
    return done('push', 'skipped', ['Nothing was pushed: session-log sync --push']);
  const core = await context.core();
  if (!core.ok) return failed('push', core.error);
  try {
    const pushed = await push(core.value, { signal: context.signal });
    const failure = failureOf(pushed);
    if (failure !== null)
      return toldToJoin(await joinBecauseOf(core.value, failure)) ?? failed('push', failure);
    return done('push', 'changed', pushed.ok ? [pushText(pushed.value.report).trimEnd()] : []);
  } finally {
    await core.value.close();
  }
}

/** A sealed store accepts nothing from a machine that nobody has admitted: the first push becomes the request to join. */
function toldToJoin(joined: Result<SealingJoin, AppError> | null): Result<StepDone, AppError> | null {
  if (joined === null) return null;
  if (!joined.ok) return failed('push', joined.error);
  return done('push', 'changed', [
    'The store is sealed: this machine has asked to join. Its words are:',
    `  ${joined.value.words.join(' ')}`,
    'A colleague who sees the same words lets it in: session-log machines admit, or in the app. Then: session-log sync --push',
  ]);
}
