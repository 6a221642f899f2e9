import ElectronStore from 'electron-store';
import { join } from 'node:path';
import type { AppError } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { SettingsStore } from '../../core/ports/settings-store.ts';
import { linkTarget, unreadable } from './json-settings.ts';
import {
  formatRawSettings,
  parseRawSettings,
  settingsOver,
  type RawSettings,
  type RawSettingsFile,
  type WriteDurably,
} from './raw-settings.ts';

/** Carries an error value through electron-store, which only supports throwing. */
class Unreadable extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.message);
    this.error = error;
  }
}

/**
 * settings.json for the app, through electron-store: the same file, read with the app's own store and written by our durable
 * writer. Importing this outside Electron starts a download, so only main/compose/desktop.ts may.
 * @param home absolute path of the data folder
 */
export function createElectronSettings(home: string, write: WriteDurably): SettingsStore {
  const path = join(home, 'settings.json');
  // Created on first read, because the constructor reads and throws on a damaged file.
  let store: ElectronStore | null = null;
  const file: RawSettingsFile = {
    path,
    target: () => linkTarget(path),
    read: () => {
      const target = linkTarget(path);
      if (!target.ok) return target;
      try {
        store ??= new ElectronStore({
          cwd: home,
          name: 'settings',
          // By default, electron-store takes `null` or a list for an empty object and would write that back. Never
          // `clearInvalidConfig`, which empties what it cannot read; no `watch`, which polls twice a second on Linux.
          deserialize: (text) => readable(path, text),
        });
        return ok(store.store);
      } catch (error) {
        if (error instanceof Unreadable) return err(error.error);
        return err(unreadable(path, error));
      }
    },
    write(raw) {
      const target = linkTarget(path);
      return target.ok ? write(target.value, formatRawSettings(raw)) : target;
    },
  };
  return settingsOver(file, write);
}

function readable(path: string, text: string): RawSettings {
  // The text is already decoded; a replacement character in it means invalid UTF-8.
  const bytes = text.includes('\ufffd') ? new Uint8Array([0xff]) : new TextEncoder().encode(text);
  const raw = parseRawSettings(path, bytes);
  if (raw.ok) return raw.value;
  throw new Unreadable(raw.error);
}
