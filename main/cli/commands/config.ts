import type { Command } from 'commander';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { openSettings } from '../../compose/open-settings.ts';
import { getSetting, listSettings, setSetting } from '../../core/settings/setting-keys.ts';
import type { SettingsStore } from '../../core/ports/settings-store.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { saveSettings } from '../save-settings.ts';
import { textTable } from '../text-table.ts';

interface ConfigOptions {
  readonly json?: boolean;
}

/** `session-log config`: reads and changes settings.json; works even when the rest of the data folder does not. */
export function registerConfig(program: Command, context: CliContext): void {
  const config = program.command('config').description('read and change settings (shared with the app)');
  const withSettings = async <T>(
    json: boolean,
    run: (store: SettingsStore, settings: Settings) => Result<T, AppError> | Answer<T>,
    human: (value: T) => string,
  ): Promise<void> => {
    const store = openSettings();
    if (!store.ok) return finish(context, json, store, () => '');
    const settings = store.value.get();
    finish(context, json, settings.ok ? await run(store.value, settings.value) : settings, human);
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
    .option('--create', 'create the folder of a file:/// store if it does not exist')
    .option('--json', 'print one JSON envelope')
    .action((key: string, value: string, options: ConfigOptions & { readonly create?: boolean }) =>
      withSettings(
        options.json ?? false,
        (store, settings) => {
          const changed = setSetting(settings, key, value);
          return changed.ok ? saveSettings(store, changed.value, settings, connectOf(key, options)) : changed;
        },
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

function connectOf(key: string, { create }: { readonly create?: boolean }): 'no' | 'if-there' | 'create' {
  if (key !== 'store.url') return 'no';
  return create ? 'create' : 'if-there';
}
