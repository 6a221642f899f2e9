import type { Answer } from '../../../shared/app-error.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { SealObjectsDeps } from '../sealing/seal-objects.ts';
import type { Team } from '../sealing/team.ts';
import type { StoreBase } from './store-base.ts';

/** What sealing workflows need besides the others. */
export interface SealingBase extends StoreBase {
  readonly sealing: {
    readonly deps: SealObjectsDeps;
    /** Whether the store shows digests instead of this machine's paths. */
    hidesNames(): Answer<boolean>;
    /** The sealing team; creates this machine's key. */
    team(): Answer<Team>;
    /** The store without cached keys: every key is fetched and opened again. */
    forgetful(): ObjectStore;
  };
}
