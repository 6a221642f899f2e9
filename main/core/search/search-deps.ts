import type { SyncDeps } from '../sync/sync-deps.ts';
import type { SearchIndex } from '../ports/search-index.ts';

/** What searching works with. */
export interface SearchDeps {
  readonly sync: Pick<
    SyncDeps,
    'files' | 'index' | 'clock' | 'bytes' | 'self' | 'surroundings' | 'paths' | 'history' | 'leaving'
  >;
  readonly search: SearchIndex;
  /** Short and full name of the author of this data folder; empty ones where nobody said. */
  readonly me: () => readonly string[];
  /** Whether what stands under Credentials & Secrets of this machine's own logs may be found (`search.credentials`). */
  readonly ownCredentials: () => boolean;
}
