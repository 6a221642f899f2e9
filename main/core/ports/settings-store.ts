import type { AppError } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { Result } from '../../../shared/result.ts';

/** The one settings.json that app and CLI share. */
export interface SettingsStore {
  /** Present settings, validated and filled with defaults; `corrupt` when the file cannot be understood (it is left as it is). */
  get(): Result<Settings, AppError>;
  /** Replaces them; keeps keys this version does not know. */
  set(settings: Settings): Result<void, AppError>;
  /** Absolute path of the file, for messages. */
  readonly path: string;
}
