import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import { recoverBy } from '../sealing/team.ts';
import type { SealingBase } from './sealing-base.ts';

/** What the recovery key gave back. */
export interface RecoverReport {
  /** Epochs whose objects this machine can read now. */
  readonly epochs: number;
}

/**
 * Lets this machine in by the recovery key that was shown when the store was sealed.
 * @param text what a person typed or gave as a file
 */
export async function recoverKeys(
  { sealing }: Pick<SealingBase, 'sealing'>,
  text: string,
): Promise<Result<RecoverReport, AppError>> {
  const team = await sealing.team();
  return team.ok ? await recoverBy(sealing.deps, team.value, text) : team;
}
