import type { AppError } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { Result } from '../../../shared/result.ts';

/** The one settings.json that app and CLI share. */
export interface SettingsStore {
  /** Current settings, validated and filled with defaults; `corrupt` when the file cannot be parsed (it is left as it is). */
  get(): Result<Settings, AppError>;
  /**
   * Writes them; keeps keys this version does not know.
   * @param over what they were made from: keeps what another process has changed since. Without it they replace everything.
   */
  set(settings: Settings, over?: Settings): Result<void, AppError>;
  /** Saves the current settings as the last good ones; does nothing when they cannot be read. Called by `set` and at the app's start. */
  keepGood(): void;
  /** Whether {@link recover} has last good ones. */
  readonly hasLastGood: boolean;
  /**
   * Replaces an unreadable file with the last good settings or the defaults. Keeps that file under another name.
   * @returns `not-found` when there are no last good ones
   */
  recover(from: 'last-good' | 'defaults'): Result<Settings, AppError>;
  /** Absolute path of the file, for messages. */
  readonly path: string;
}
