import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import type { MachineIdentity } from '../../../shared/domain/machine-identity.ts';

/** What became of a request for an identity. */
export interface InitReport {
  readonly identity: MachineIdentity;
  /**
   * `kept`: it was there and whole; `created`: made from the hardware; `completed`: ADR-058's script had made it, and our keys were
   * added; `repaired`: restored after damage; `split`: this install became a machine of its own; `adopted`: it took an older one over.
   */
  readonly outcome: 'kept' | 'created' | 'completed' | 'repaired' | 'split' | 'adopted';
  /** For people: what could not be read, what was assumed. */
  readonly notices: readonly string[];
  /** Where the damaged file is kept, if there was one. */
  readonly evidence: string | null;
}

/** Said when a newer version's record would have to be changed. */
export function newerSchema(path: string): AppError {
  return appError(
    'attention',
    `The identity in ${quote(path)} was written by a newer version of Session Log. Nothing was changed.`,
    'Update Session Log on this machine.',
    { details: { path } },
  );
}
