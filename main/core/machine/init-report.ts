import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import type { MachineIdentity } from '../../../shared/domain/machine-identity.ts';

/** The result of a request for an identity. */
export interface InitReport {
  readonly identity: MachineIdentity;
  /**
   * `kept`: it existed and was complete; `created`: from the hardware; `completed`: our keys were added to one made by ADR-058's script;
   * `repaired`: restored after damage; `split`: this install became a separate machine; `adopted`: it took over an older one.
   */
  readonly outcome: 'kept' | 'created' | 'completed' | 'repaired' | 'split' | 'adopted';
  /** For people: unreadable parts, assumptions. */
  readonly notices: readonly string[];
  /** Path of the kept damaged file, if any. */
  readonly evidence: string | null;
}

/** For a newer version's record that would have to be changed. */
export function newerSchema(path: string): AppError {
  return appError(
    'attention',
    `The identity in ${quote(path)} was written by a newer version of Session Log. Nothing was changed.`,
    'Update Session Log on this machine.',
    { details: { path } },
  );
}
