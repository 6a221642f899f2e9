import type { SyncDeps } from '../sync/sync-deps.ts';
import type { SearchIndex } from '../ports/search-index.ts';

/** Dependencies of search. */
export interface SearchDeps {
  readonly sync: Pick<
    SyncDeps,
    'files' | 'index' | 'clock' | 'bytes' | 'self' | 'surroundings' | 'paths' | 'history' | 'leaving'
  >;
  readonly search: SearchIndex;
  /** Short and full name of this data folder's author; empty if unset. */
  readonly me: () => readonly string[];
  /** Whether Credentials & Secrets of this machine's own logs are searchable (`search.credentials`). */
  readonly ownCredentials: () => boolean;
}
