import { readFileSync } from 'node:fs';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { parseSettings, type SettingsProblem } from '../../../shared/domain/settings-schema.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { SettingsStore } from '../../core/ports/settings-store.ts';
import { rebaseSettings } from '../../../shared/domain/rebase-settings.ts';
import { isObject } from '../../../shared/json.ts';
import { takeSettingsTurn } from './settings-turn.ts';

/**
 * Writes a file so that a power cut or a full disk leaves the old or the new one. Injected, because the packages that would
 * write settings themselves replace a good file by a truncated one on a full disk and report success (docs/durable-writes.md).
 */
export type WriteDurably = (path: string, bytes: Uint8Array) => Result<void, AppError>;

/** The file as it is, before its values are validated. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** Suffix of settings.json for the settings as last readable. */
const LAST_GOOD = '.last-good';

/** How an adapter reads; everything else is shared. */
export interface RawSettingsFile {
  readonly path: string;
  /** Absolute path of a link's target; the path itself when it is not a link. `io` for a dangling link. */
  target(): Result<string, AppError>;
  /** `{}` when there is no file; `corrupt` when it is not a JSON object. */
  read(): Result<RawSettings, AppError>;
  write(raw: RawSettings): Result<void, AppError>;
}

/** Settings on top of a file some adapter reads and writes: validated both ways, unknown keys preserved. */
export function settingsOver(file: RawSettingsFile, write: WriteDurably): SettingsStore {
  const goodPath = `${file.path}${LAST_GOOD}`;
  let last: { readonly raw: RawSettings; readonly settings: Result<Settings, AppError> } | null = null;
  const get = (): Result<Settings, AppError> => {
    const raw = file.read();
    if (!raw.ok) return raw;
    if (last?.raw !== raw.value) {
      const parsed = parseSettings(raw.value);
      last = { raw: raw.value, settings: parsed.ok ? parsed : err(unusable(file.path, parsed.error)) };
    }
    return last.settings;
  };
  const inTurn = <T>(run: () => Result<T, AppError>): Result<T, AppError> => {
    const target = file.target();
    return target.ok ? takeSettingsTurn(target.value, run) : target;
  };
  // A failure to write the copy has no consequences today.
  const keep = (raw: RawSettings): void => void write(goodPath, formatRawSettings(raw));
  return {
    path: file.path,
    get,
    set: (settings, over) =>
      inTurn(() => {
        const checked = parseSettings(settings);
        if (!checked.ok) return err(refused(checked.error));
        // Even when some values are invalid: this is how they get repaired. A file that is not an object at all is left for a
        // person.
        const raw = file.read();
        if (!raw.ok) return raw;
        const now = parseSettings(raw.value);
        if (!now.ok && isNewer(now.error)) return err(unusable(file.path, now.error));
        const wanted =
          over === undefined || !now.ok
            ? checked
            : parseSettings(rebaseSettings(over, checked.value, now.value));
        if (!wanted.ok) return err(refused(wanted.error));
        const merged = merge(raw.value, wanted.value);
        const written = file.write(merged);
        if (written.ok) keep(merged);
        return written;
      }),
    keepGood: () => {
      const raw = file.read();
      if (raw.ok && Object.keys(raw.value).length > 0 && parseSettings(raw.value).ok) keep(raw.value);
    },
    get hasLastGood() {
      return readLastGood(goodPath) !== null;
    },
    recover: (from) =>
      inTurn(() => {
        const raw = from === 'defaults' ? {} : readLastGood(goodPath);
        if (raw === null) return err(noneKept(goodPath));
        const aside = setAside(file.path, write);
        if (!aside.ok) return aside;
        const written = file.write(raw);
        return written.ok ? get() : written;
      }),
  };
}

/** The last good settings, unparsed; null when there are none, or they cannot be read either. */
function readLastGood(path: string): RawSettings | null {
  try {
    const raw = parseRawSettings(path, readFileSync(path));
    return raw.ok && parseSettings(raw.value).ok ? raw.value : null;
  } catch {
    return null;
  }
}

/** Preserves an unreadable settings file: it may contain what a person wrote. */
function setAside(path: string, write: WriteDurably): Result<void, AppError> {
  try {
    return write(`${path}.broken-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`, readFileSync(path));
  } catch {
    // Nothing exists, or nothing readable.
    return ok(undefined);
  }
}

function noneKept(path: string): AppError {
  return appError(
    'not-found',
    'There are no earlier settings to restore.',
    'Open the file and correct it, or start from the defaults.',
    { details: { path } },
  );
}

/**
 * Parses the text of settings.json.
 * @param path for the message
 */
export function parseRawSettings(path: string, bytes: Uint8Array): Result<RawSettings, AppError> {
  let raw: unknown;
  try {
    // Fatal, because a replacement character would be written back as one; the decoder drops a byte order mark.
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return err(notJson(path, error));
  }
  if (isObject(raw)) return ok(raw);
  return err(unusable(path, [{ key: '', problem: 'must hold an object' }]));
}

/** The error for a file that is not JSON. */
function notJson(path: string, error: unknown): AppError {
  // V8 quotes the text around the error, which may be a secret: only the position is passed on.
  const place =
    error instanceof Error ? /position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)?.[0] : null;
  return appError(
    'corrupt',
    `The settings in ${quote(path)} cannot be read: the file is not JSON${place ? ` (${place})` : ''}.`,
    'Correct it with an editor, or move it away to start from the defaults. It was left as it is.',
    { details: { path } },
  );
}

/** Formats the file like `conf` and `electron-store`, so that either can read the other's. */
export function formatRawSettings(raw: RawSettings): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(raw, undefined, '\t')}\n`);
}

function isNewer(problems: readonly SettingsProblem[]): boolean {
  return problems.some(({ key }) => key === 'schema');
}

function unusable(path: string, problems: readonly SettingsProblem[]): AppError {
  if (isNewer(problems))
    return appError(
      'corrupt',
      `The settings in ${quote(path)} cannot be used: ${say(problems)}.`,
      'Update Session Log on this machine; nothing in the file is wrong, and it was left as it is.',
      { details: { path, problems } },
    );
  return appError(
    'corrupt',
    `The settings in ${quote(path)} cannot be used: ${say(problems)}.`,
    'Correct these values with an editor, or remove them to get their defaults. The file was left as it is.',
    { details: { path, problems } },
  );
}

function refused(problems: readonly SettingsProblem[]): AppError {
  return appError(
    'invalid-input',
    `The settings were not saved: ${say(problems)}.`,
    '`session-log config` shows the present values.',
    { details: { problems } },
  );
}

function say(problems: readonly SettingsProblem[]): string {
  return problems.map(({ key, problem }) => (key === '' ? `it ${problem}` : `${key} ${problem}`)).join('; ');
}

/** Known keys from `known`, all others from `raw`, at every depth: a newer version's settings survive an older one. */
function merge(raw: RawSettings, known: Settings): RawSettings {
  return mergeObjects(raw, known as unknown as RawSettings);
}

function mergeObjects(older: RawSettings, newer: RawSettings): RawSettings {
  const merged: Record<string, unknown> = { ...older };
  for (const [key, value] of Object.entries(newer)) {
    const before = Object.hasOwn(older, key) ? older[key] : undefined;
    merged[key] = isObject(value) && isObject(before) ? mergeObjects(before, value) : value;
  }
  return merged;
}
