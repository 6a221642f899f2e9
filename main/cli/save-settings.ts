import type { Answer } from '../../shared/app-error.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { ok } from '../../shared/result.ts';
import { dataPaths, resolveHome } from '../compose/paths.ts';
import type { SettingsStore } from '../core/ports/settings-store.ts';

/**
 * Saves settings, with the consequences of a new store: its folder is marked as one, and the index drops the old store's rows.
 * @param over the settings that were changed: others' later changes are kept
 * @param connectStore whether a person just named the store, even the same one again, and whether to create its folder
 */
export async function saveSettings(
  store: SettingsStore,
  changed: Settings,
  over: Settings,
  connectStore: 'no' | 'if-there' | 'create',
): Answer<Settings> {
  const connected =
    connectStore === 'no' ? ok(undefined) : await connect(changed.store.url, connectStore === 'create');
  if (!connected.ok) return connected;
  const before = store.get();
  const saved = store.set(changed, over);
  if (!saved.ok) return saved;
  const moved =
    before.ok &&
    (before.value.store.url !== changed.store.url || before.value.store.tenant !== changed.store.tenant);
  const forgotten = moved ? await forgetOtherStore() : ok(undefined);
  return forgotten.ok ? store.get() : forgotten;
}

/** Rows of the previous store or tenant must not remain beside those of the new one. */
async function forgetOtherStore(): Answer<void> {
  const home = resolveHome();
  if (!home.ok) return home;
  const [{ openCore }, { forgetOthers }] = await Promise.all([
    import('../compose/node.ts'),
    import('../core/logs/forget-others.ts'),
  ]);
  const core = await openCore(home.value);
  if (!core.ok) return core;
  const forgotten = await forgetOthers(core.value.sync.index, core.value.sync.self.uuid);
  await core.value.close();
  return forgotten;
}

/** Naming a folder as the store is the moment that makes it one: from then on a folder without the marker means "not mounted". */
async function connect(url: string, createFolder: boolean): Answer<void> {
  const { connectFolderStore, parseStoreUrl } = await import('../compose/open-store.ts');
  const place = parseStoreUrl(url);
  if (!place.ok) return place;
  if (place.value.kind !== 'folder') return ok(undefined);
  const home = resolveHome();
  if (!home.ok) return home;
  return connectFolderStore(place.value.root, { paths: dataPaths(home.value), createFolder });
}
