import type { Command } from 'commander';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { openSettings } from '../../compose/open-settings.ts';
import { getSetting, listSettings, setSetting } from '../../core/settings/setting-keys.ts';
import type { SettingsStore } from '../../core/ports/settings-store.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { textTable } from '../text-table.ts';

interface ConfigOptions {
  readonly json?: boolean;
}

/** `session-log config`: reads and changes settings.json; works even when the rest of the data folder does not. */
export function registerConfig(program: Command, context: CliContext): void {
  const config = program.command('config').description('read and change settings (shared with the app)');
  const withSettings = <T>(
    json: boolean,
    run: (store: SettingsStore, settings: Settings) => Result<T, AppError>,
    human: (value: T) => string,
  ): void => {
    const store = openSettings();
    const settings = store.ok ? store.value.get() : store;
    finish(
      context,
      json,
      store.ok && settings.ok ? run(store.value, settings.value) : (settings as Result<never, AppError>),
      human,
    );
  };
  config
    .command('list', { isDefault: true })
    .description('all settings')
    .option('--json', 'print one JSON envelope')
    .action((options: ConfigOptions) =>
      withSettings(
        options.json ?? false,
        (_store, settings) => ok(settings),
        (settings) =>
          textTable(
            [{ title: 'SETTING' }, { title: 'VALUE' }],
            listSettings(settings).map(([key, value]) => [key, value === '' ? '-' : value]),
          ),
      ),
    );
  config
    .command('get <key>')
    .description('one setting, e.g. store.url')
    .option('--json', 'print one JSON envelope')
    .action((key: string, options: ConfigOptions) =>
      withSettings(options.json ?? false, (_store, settings) => getSetting(settings, key), String),
    );
  config
    .command('set <key> <value>')
    .description('change one setting, e.g. store.url gs://my-bucket')
    .option('--json', 'print one JSON envelope')
    .action((key: string, value: string, options: ConfigOptions) =>
      withSettings(
        options.json ?? false,
        (store, settings) => change(store, setSetting(settings, key, value)),
        (settings) => {
          const now = getSetting(settings, key);
          return `${key} = ${now.ok ? now.value : ''}`;
        },
      ),
    );
  config
    .command('path')
    .description('where settings.json is')
    .option('--json', 'print one JSON envelope')
    .action((options: ConfigOptions) =>
      withSettings(options.json ?? false, (store) => ok(store.path), String),
    );
}

function change(store: SettingsStore, changed: Result<Settings, AppError>): Result<Settings, AppError> {
  if (!changed.ok) return changed;
  const saved = store.set(changed.value);
  if (!saved.ok) return saved;
  const now = store.get();
  return now.ok
    ? now
    : err(
        appError(
          'io',
          'The settings were written but cannot be read back.',
          'Run `session-log config path` and look at the file.',
        ),
      );
}
