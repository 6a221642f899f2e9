import type { AppError } from '../../shared/app-error.ts';
import { ok, type Result } from '../../shared/result.ts';
import { replaceNow } from '../adapters/disk/node-files.ts';
import { createJsonSettings } from '../adapters/settings/json-settings.ts';
import type { SettingsStore } from '../core/ports/settings-store.ts';
import { resolveHome } from './paths.ts';

/** Settings only, for `config`: it must work when nothing else does. */
export function openSettings(): Result<SettingsStore, AppError> {
  const home = resolveHome();
  return home.ok ? ok(createJsonSettings(home.value, replaceNow)) : home;
}
