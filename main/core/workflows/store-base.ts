import type { Settings } from '../../../shared/domain/settings.ts';
import type { QueuePaths } from '../agent-hooks/queue.ts';
import type { NotesPaths } from '../notes/inbox-file.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import type { KeptValues } from '../secrets/kept-values.ts';
import type { SharedValues } from '../secrets/shared-values.ts';
import type { NotSecrets } from '../secrets/not-secrets.ts';
import type { TextSink } from '../text-packs/text-sink.ts';
import type { DataPaths } from '../files/data-paths.ts';

/** What workflows over the store need: `main/compose` builds one for a data folder. */
export interface StoreBase {
  readonly sync: SyncDeps;
  readonly paths: NotesPaths &
    QueuePaths &
    Pick<DataPaths, 'state' | 'indexDb' | 'schedule' | 'machineSummary'>;
  readonly settings: Settings;
  /** Takes other machines' texts: the search database. Without it none is pulled. */
  readonly textSink?: TextSink;
  /** What a person marked as no secret, and the values behind labels; both are shared with their other machines. */
  readonly secrets?: {
    readonly notSecrets: NotSecrets;
    readonly kept?: KeptValues;
    readonly shared?: SharedValues;
  };
  /** The system's user name: the reader of notes where nobody is named. */
  readonly systemUser: string;
}
