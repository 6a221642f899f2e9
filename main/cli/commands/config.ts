import type { Command } from 'commander';
import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { openSettings } from '../../compose/open-settings.ts';
import { resolveHome } from '../../compose/paths.ts';
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
  const withSettings = async <T>(
    json: boolean,
    run: (store: SettingsStore, settings: Settings) => Result<T, AppError> | Promise<Result<T, AppError>>,
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
    .option('--json', 'print one JSON envelope')
    .action((key: string, value: string, options: ConfigOptions) =>
      withSettings(
        options.json ?? false,
        (store, settings) => change(store, setSetting(settings, key, value), key),
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

async function change(
  store: SettingsStore,
  changed: Result<Settings, AppError>,
  key: string,
): Promise<Result<Settings, AppError>> {
  if (!changed.ok) return changed;
  const connected = key === 'store.url' ? await connect(changed.value.store.url) : ok(undefined);
  if (!connected.ok) return connected;
  const before = store.get();
  const saved = store.set(changed.value);
  if (!saved.ok) return saved;
  const moved =
    before.ok &&
    (before.value.store.url !== changed.value.store.url ||
      before.value.store.tenant !== changed.value.store.tenant);
  const forgotten = moved ? await forgetOtherStore() : ok(undefined);
  return forgotten.ok ? store.get() : forgotten;
}

/** Rows of the store or tenant that was in use before must not stand beside those of the new one. */
async function forgetOtherStore(): Promise<Result<void, AppError>> {
  const home = resolveHome();
  if (!home.ok) return home;
  const [{ openCore }, { forgetOthers }] = await Promise.all([
    import('../../compose/node.ts'),
    import('../../core/logs/forget-others.ts'),
  ]);
  const core = await openCore(home.value);
  if (!core.ok) return core;
  const forgotten = await forgetOthers(core.value.sync.index, core.value.sync.self.uuid);
  await core.value.close();
  return forgotten;
}

/** Naming a folder as the store is the moment that makes it one: from then on a folder without the marker means "not mounted". */
async function connect(url: string): Promise<Result<void, AppError>> {
  const { connectFolderStore, parseStoreUrl } = await import('../../compose/open-store.ts');
  const place = parseStoreUrl(url);
  if (!place.ok) return place;
  return place.value.kind === 'folder' ? connectFolderStore(place.value.root) : ok(undefined);
}
