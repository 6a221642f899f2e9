import type { Settings } from '../../../shared/domain/settings.ts';
import type { AppInfo } from '../../../shared/ipc/payloads.ts';
import type { SettingsEditor } from '../../data/use-settings.ts';

/** Props of every settings page. */
export interface PageProps {
  readonly settings: Settings;
  readonly editor: SettingsEditor;
  readonly info: AppInfo;
}
