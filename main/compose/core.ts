import type { Settings } from '../../shared/domain/settings.ts';
import type { DataFolderReport } from '../adapters/disk/prepare-data-folder.ts';
import type { IdentityDeps } from '../core/machine/identity-deps.ts';
import type { InitReport } from '../core/machine/init-report.ts';
import type { MachineSecret } from '../core/machine/machine-keys.ts';
import type { Files } from '../core/ports/files.ts';
import type { SettingsStore } from '../core/ports/settings-store.ts';
import type { SearchDeps } from '../core/search/search-deps.ts';
import type { SyncDeps } from '../core/sync/sync-deps.ts';
import type { TextSink } from '../core/text-packs/text-sink.ts';
import type { TranscriptsHere } from '../core/workflows/capture-base.ts';
import type { SealingBase } from '../core/workflows/sealing-base.ts';
import type { DataPaths } from './paths.ts';
import type { SecretTools } from './withholding.ts';

/** Everything the program's interfaces (CLI, app, browser view) work with, built once. */
export interface Core {
  readonly paths: DataPaths;
  readonly settings: Settings;
  readonly settingsStore: SettingsStore;
  /** This machine's identity, and what `init` did for it at this start. */
  readonly identity: InitReport;
  readonly identityDeps: IdentityDeps;
  /** Permissions of the data folder repaired at the start. */
  readonly dataFolder: DataFolderReport;
  /** This machine's key, created on first use. */
  readonly machineKeys: MachineSecret;
  /** The team's keys, and the store beneath sealing. */
  readonly sealing: SealingBase['sealing'];
  /** Dependencies of sync. Store and index open on first use. */
  readonly sync: SyncDeps;
  /** The transcripts of this user's agents; their sources open on first use. */
  readonly transcripts: TranscriptsHere;
  /** The system's user name. */
  readonly systemUser: string;
  /** Dependencies of search; its database opens on first use. */
  readonly search: SearchDeps;
  /** Receives other machines' texts from an index pull. */
  readonly textSink: TextSink;
  /** The raw disk: `sync.files` shows logs as pushed, without their secrets. */
  readonly disk: Files;
  /** Finds and keeps secrets. */
  readonly secrets: SecretTools;
  /** Closes database, sockets and worker. */
  close(): Promise<void>;
}
