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

/** Everything an interface of the program (CLI, app, browser view) works with, put together once. */
export interface Core {
  readonly paths: DataPaths;
  readonly settings: Settings;
  readonly settingsStore: SettingsStore;
  /** This machine's identity, and what `init` had to do for it at this start. */
  readonly identity: InitReport;
  readonly identityDeps: IdentityDeps;
  /** What was found and repaired in the data folder's rights at the start. */
  readonly dataFolder: DataFolderReport;
  /** The key of this machine, made at the first need. */
  readonly machineKeys: MachineSecret;
  /** The keys of the team, and the store under what seals. */
  readonly sealing: SealingBase['sealing'];
  /** What the sync use-cases take. The store and the index in it open at their first use. */
  readonly sync: SyncDeps;
  /** The transcripts of this user's agents; their sources open at the first use. */
  readonly transcripts: TranscriptsHere;
  /** The system's name for the user. */
  readonly systemUser: string;
  /** What searching takes; its database opens at its first use. */
  readonly search: SearchDeps;
  /** Takes the text of other machines' logs, which a pull of the index brings. */
  readonly textSink: TextSink;
  /** The disk as it is: `sync.files` shows logs as they leave, without their secrets. */
  readonly disk: Files;
  /** What finds and keeps secrets. */
  readonly secrets: SecretTools;
  /** Closes database, sockets and worker. */
  close(): Promise<void>;
}
