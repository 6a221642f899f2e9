import type { Settings } from '../../../shared/domain/settings.ts';
import type { QueuePaths } from '../agent-hooks/queue.ts';
import type { NotesPaths } from '../notes/inbox-file.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import type { KeptValues } from '../secrets/kept-values.ts';
import type { SharedValues } from '../secrets/shared-values.ts';
import type { NotSecrets } from '../secrets/not-secrets.ts';
import type { TextSink } from '../text-packs/text-sink.ts';

/** Files that say where everything stands, absolute. */
interface StatusPaths {
  readonly indexDb: string;
  readonly schedule: string;
  readonly machineSummary: string;
}

/** What the workflows over the store take: what `main/compose` puts together over one data folder is one of these. */
export interface StoreBase {
  readonly sync: SyncDeps;
  readonly paths: NotesPaths & QueuePaths & StatusPaths & { readonly state: string };
  readonly settings: Settings;
  /** Takes the text of other machines' logs: the search database. None is pulled without it. */
  readonly textSink?: TextSink;
  /** What a person has said is no secret, and the values behind labels; both are shared with their other machines. */
  readonly secrets?: {
    readonly notSecrets: NotSecrets;
    readonly kept?: KeptValues;
    readonly shared?: SharedValues;
  };
  /** The system's name for the user: for whom notes are where nobody is named. */
  readonly systemUser: string;
}
