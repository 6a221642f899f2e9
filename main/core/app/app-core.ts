import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { Result } from '../../../shared/result.ts';
import type { IdentityDeps } from '../machine/identity-deps.ts';
import type { InitReport } from '../machine/init-report.ts';
import type { CommandLineDeps } from '../install/command-line.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { CommandRunner } from '../ports/command-runner.ts';
import type { FileManager } from '../ports/file-manager.ts';
import type { Files } from '../ports/files.ts';
import type { Forge } from '../ports/forge.ts';
import type { Git } from '../ports/git.ts';
import type { Locks } from '../ports/lock.ts';
import type { Logger } from '../ports/logger.ts';
import type { MachineKeys } from '../ports/machine-keys.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Power } from '../ports/power.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import type { Watcher } from '../ports/watcher.ts';
import type { SearchDeps } from '../search/search-deps.ts';
import type { SharedValues } from '../secrets/shared-values.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import type { TextSink } from '../text-packs/text-sink.ts';
import type { TranscriptsHere } from '../workflows/capture-base.ts';
import type { UnsealBase } from '../workflows/unseal-store.ts';
import type { SealingBase } from '../workflows/sealing-base.ts';
import type { DataPaths } from '../files/data-paths.ts';
import type { Caller, ShellService } from './app-service.ts';

/** What the app needs of a core: `main/compose` builds one per data folder. */
export interface AppCore {
  readonly paths: DataPaths;
  readonly settings: Settings;
  /** This machine's identity, and what was done for it at this start. */
  readonly identity: InitReport;
  readonly identityDeps: IdentityDeps;
  /** The raw disk: `sync.files` shows logs as they are pushed. */
  readonly disk: Files;
  /** This machine's key. */
  readonly machineKeys: MachineKeys;
  /** Finds secrets in logs before they leave, and keeps their values. */
  readonly secrets: UnsealBase['secrets'] & { readonly shared: SharedValues };
  readonly sync: SyncDeps;
  /** The team's keys, and the store beneath sealing. */
  readonly sealing: SealingBase['sealing'];
  /** Dependencies of search; its database opens on first use. */
  readonly search: SearchDeps;
  /** Receives other machines' texts; without it none is pulled. */
  readonly textSink?: TextSink;
  /** The transcripts of this user's agents. */
  readonly transcripts: TranscriptsHere;
  /** The system's user name. */
  readonly systemUser: string;
  close(): Promise<void>;
}

/** All dependencies of the app service. */
export interface AppParts {
  /** Builds the core from the current settings. Called at the start and after settings or identity change. */
  readonly openCore: () => Answer<AppCore>;
  /** The one settings.json; works even when the core cannot be opened. */
  readonly settings: SettingsStore;
  /** Known without the core, to repair a broken one. */
  readonly paths: DataPaths;
  /** For the same reason. */
  readonly identityDeps: IdentityDeps;
  /**
   * Opens a store that is not (yet) configured.
   * @param create create a folder store's marker: only when a person connects it
   */
  readonly openStore: (store: Settings['store'], create: boolean) => Result<ObjectStore, AppError>;
  readonly files: Files;
  readonly git: Git;
  readonly forge: Forge;
  readonly runner: CommandRunner;
  readonly locks: Locks;
  readonly shell: ShellService;
  readonly commandLine: CommandLineDeps;
  /** Where this user's agents are; null where the home folder is unknown. */
  readonly agents: { readonly claudeFolder: string | null; readonly userHome: string | null };
  readonly fileManager: FileManager;
  readonly power: Power;
  readonly watcher: Watcher;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The operating system's user name, the reader of notes where no workspace names a person. */
  readonly systemUser: string;
  /** The system's time zone, IANA name. */
  readonly timeZone: string;
  /**
   * Asks where to save a text and writes it there; null when the page does that itself.
   * @returns the path, or `cancelled`
   */
  readonly saveText?: (name: string, text: string, caller: Caller) => Answer<string | null>;
}
