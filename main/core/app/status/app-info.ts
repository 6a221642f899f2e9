import { DEFAULT_SETTINGS } from '../../../../shared/domain/settings.ts';
import type { AppInfo } from '../../../../shared/ipc/payloads.ts';
import type { Files } from '../../ports/files.ts';
import type { SettingsStore } from '../../ports/settings-store.ts';
import { findReader } from '../../workflows/find-reader.ts';
import { loadIdentity } from '../../machine/load-identity.ts';

/** Parts of `app.info` that a shell does not know. */
export interface AppInfoParts {
  readonly files: Files;
  readonly settings: SettingsStore;
  readonly paths: { readonly home: string; readonly machineId: string };
  readonly systemUser: string;
  /** The system's zone, IANA name. */
  readonly timeZone: string;
}

/** What only the shell knows. */
export type ShellFacts = Pick<AppInfo, 'version' | 'shell' | 'platform' | 'capabilities' | 'runtime'>;

/** Builds `app.info`; what cannot be read is null and reported by `status`. */
export async function readAppInfo(parts: AppInfoParts, shell: ShellFacts): Promise<AppInfo> {
  const settings = parts.settings.get();
  const identity = await loadIdentity(parts.files, parts.paths.machineId);
  const known = settings.ok ? settings.value : DEFAULT_SETTINGS;
  const reader = await findReader({ ...parts, settings: known }, parts.paths.home);
  const chosen = settings.ok ? settings.value.app.timeZone : '';
  return {
    ...shell,
    machine: identity.ok ? { uuid: identity.value.machine_uuid, host: identity.value.hostname } : null,
    reader: reader.ok ? reader.value : null,
    dataFolder: parts.paths.home,
    timeZone: chosen === '' ? parts.timeZone : chosen,
  };
}
