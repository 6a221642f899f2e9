import { DEFAULT_SETTINGS, type Settings } from '../../../../shared/domain/settings.ts';
import type { SettingsStore } from '../../ports/settings-store.ts';

/** The app's effective settings: from the file, or the earlier ones while it is unreadable. */
export interface PresentSettings {
  readonly now: Settings;
  /** Zone for times of day, IANA name: the setting's, else the system's. */
  readonly timeZone: string;
  take(settings: Settings): void;
}

/** @param systemZone IANA name */
export function createPresentSettings(
  store: Pick<SettingsStore, 'get'>,
  systemZone: string,
): PresentSettings {
  const read = store.get();
  let now = read.ok ? read.value : DEFAULT_SETTINGS;
  return {
    get now() {
      return now;
    },
    get timeZone() {
      return now.app.timeZone === '' ? systemZone : now.app.timeZone;
    },
    take(settings) {
      now = settings;
    },
  };
}
