import type { DataFolderReport } from '../adapters/disk/prepare-data-folder.ts';
import type { MachineSecret } from '../core/machine/machine-keys.ts';
import type { SettingsStore } from '../core/ports/settings-store.ts';
import type { TextSink } from '../core/text-packs/text-sink.ts';
import type { AppCore } from '../core/app/app-core.ts';
import type { SecretTools } from './withholding.ts';

/** Everything the program's interfaces (CLI, app, browser view) work with, built once. */
export interface Core extends AppCore {
  readonly settingsStore: SettingsStore;
  /** Permissions of the data folder repaired at the start. */
  readonly dataFolder: DataFolderReport;
  readonly machineKeys: MachineSecret;
  readonly textSink: TextSink;
  readonly secrets: SecretTools;
}
