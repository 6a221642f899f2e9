import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { SealObjectsDeps } from '../sealing/seal-objects.ts';
import type { Team } from '../sealing/team.ts';
import type { StoreBase } from './store-base.ts';

/** What the workflows around sealing take besides the others. */
export interface SealingBase extends StoreBase {
  readonly sealing: {
    readonly deps: SealObjectsDeps;
    /** Whether the store shows digests in the place of this machine's paths. */
    hidesNames(): Promise<Result<boolean, AppError>>;
    /** This machine among those that seal; its key is made for it. */
    team(): Promise<Result<Team, AppError>>;
    /** The store as a machine sees it that remembers nothing: every key is fetched and opened again. */
    forgetful(): ObjectStore;
  };
}
