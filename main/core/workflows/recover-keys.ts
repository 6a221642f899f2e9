import type { Answer } from '../../../shared/app-error.ts';
import { recoverBy } from '../sealing/team.ts';
import type { SealingBase } from './sealing-base.ts';

/** What the recovery key restored. */
export interface RecoverReport {
  /** Epochs this machine can now read. */
  readonly epochs: number;
}

/**
 * Admits this machine by the recovery key that was shown when the store was sealed.
 * @param text what a person typed or gave as a file
 */
export async function recoverKeys(
  { sealing }: Pick<SealingBase, 'sealing'>,
  text: string,
): Answer<RecoverReport> {
  const team = await sealing.team();
  return team.ok ? await recoverBy(sealing.deps, team.value, text) : team;
}
