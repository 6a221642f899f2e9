import { appError, type AppError, fail, type Answer } from '../../../../shared/app-error.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../shared/domain/settings.ts';
import type { SettingsView } from '../../../../shared/ipc/payloads.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { findWorkTree } from '../../workflows/find-work-tree.ts';
import { forgetWorkspace, usedWorkspaces } from '../../workspaces/used-workspaces.ts';
import type { AppParts } from '../app-core.ts';
import type { SettingsService } from '../app-service.ts';
import type { Bus } from '../bus.ts';
import { changedSettings, readExport } from './change-settings.ts';
import type { TakenSettings } from './take-settings.ts';
import { testStore } from './test-store.ts';

export type SettingsServiceParts = Pick<
  AppParts,
  'settings' | 'files' | 'paths' | 'logger' | 'git' | 'clock' | 'openStore' | 'saveText'
> & {
  readonly bus: Bus;
  readonly taken: Pick<TakenSettings, 'take' | 'recovered'>;
};

const FILE_NAME = 'session-log-settings.json';

/** The one settings.json, for pages. */
export function createSettingsService(parts: SettingsServiceParts): SettingsService {
  const { settings: store } = parts;
  const view = async (settings: Settings, problem: AppError | null = null): Promise<SettingsView> => ({
    settings,
    path: store.path,
    problem,
    hasLastGood: store.hasLastGood,
    alsoListed: await usedWorkspaces(parts, settings.git),
  });

  /** One change at a time: each is based on what the previous one wrote. */
  let queue: Promise<unknown> = Promise.resolve();
  const change = (edit: (present: Settings) => Answer<Settings>): Answer<SettingsView> => {
    const turn = queue.then(async (): Answer<SettingsView> => {
      const present = store.get();
      if (!present.ok) return present;
      const wanted = await edit(present.value);
      if (!wanted.ok) return wanted;
      const connected = await connect(parts, present.value, wanted.value);
      if (!connected.ok) return connected;
      const saved = store.set(wanted.value, present.value);
      if (!saved.ok) return saved;
      // With other processes' changes.
      const now = store.get();
      if (!now.ok) return now;
      await parts.taken.take(present.value, now.value);
      return ok(await view(now.value));
    });
    queue = turn.catch(() => undefined);
    return turn;
  };

  return {
    async get() {
      const present = store.get();
      // Unreadable ones are shown as the defaults, with the error.
      return ok(present.ok ? await view(present.value) : await view(DEFAULT_SETTINGS, present.error));
    },
    async recover({ from }) {
      const restored = store.recover(from);
      if (!restored.ok) return restored;
      await parts.taken.recovered(restored.value);
      return ok(await view(restored.value));
    },
    set: ({ change: patch }) => change(async (present) => changedSettings(present, patch)),
    async export(caller) {
      const present = store.get();
      if (!present.ok) return present;
      const text = `${JSON.stringify(present.value, null, 2)}\n`;
      if (!parts.saveText) return ok({ fileName: FILE_NAME, text, savedTo: null });
      const saved = await parts.saveText(FILE_NAME, text, caller);
      return saved.ok ? ok({ fileName: FILE_NAME, text, savedTo: saved.value }) : saved;
    },
    async import({ text }) {
      let leftOut: readonly string[] = [];
      const changed = await change(async (present) => {
        const read = readExport(text, present);
        if (!read.ok) return read;
        const usable = await usableHere(parts, read.value.settings, present);
        leftOut = [...read.value.leftOut, ...usable.leftOut];
        return ok(usable.settings);
      });
      return changed.ok ? ok({ ...changed.value, leftOut }) : changed;
    },
    async testStore({ store: wanted }) {
      const present = store.get();
      const settings = present.ok ? present.value : DEFAULT_SETTINGS;
      return ok(await testStore({ ...parts, settings }, wanted));
    },
    addWorkspace: ({ path, role }) =>
      change(async (present) => {
        const tree = await findWorkTree(parts, path);
        return tree.ok ? withTree(present, tree.value, role) : tree;
      }),
    removeWorkspace: ({ path, role }) =>
      change(async (present) => {
        const removed = withoutTree(present, path, role);
        if (removed !== null) return removed;
        if (role === 'vault' || !(await forgetWorkspace(parts, path))) return err(notRegistered(path));
        await parts.bus.emit('workspaces.touched', null);
        return ok(present);
      }),
  };
}

function withTree(present: Settings, tree: string, role: 'workspace' | 'vault'): Result<Settings, AppError> {
  const { workspaces } = present.git;
  if (role === 'vault') return changedSettings(present, { git: { vault: tree } });
  return changedSettings(present, { git: { workspaces: [...new Set([...workspaces, tree])] } });
}

/** @returns null if it is not registered */
function withoutTree(
  present: Settings,
  path: string,
  role: 'workspace' | 'vault',
): Result<Settings, AppError> | null {
  const { git } = present;
  const { [path]: _gone, ...schedule } = git.schedule;
  if (role === 'vault')
    return git.vault === path ? changedSettings(present, { git: { vault: '', schedule } }) : null;
  const workspaces = git.workspaces.filter((one) => one !== path);
  return workspaces.length < git.workspaces.length
    ? changedSettings(present, { git: { workspaces, schedule } })
    : null;
}

/** A folder becomes a store because a person says so; later, one without the marker is an unmounted share. */
async function connect(parts: SettingsServiceParts, before: Settings, after: Settings): Answer<void> {
  if (before.store.url === after.store.url || !after.store.url.startsWith('file:')) return ok(undefined);
  // Creates only the marker, never the folder: below an unmounted share it would be a folder of this disk.
  for (const create of [false, true]) {
    const opened = parts.openStore(after.store, create);
    if (!opened.ok) return opened;
    const probe = await opened.value.probe();
    await opened.value.close();
    if (probe.ok) return ok(undefined);
    const { message, remedy, details } = probe.error;
    if (create || details?.['missing'] !== 'marker')
      return fail('invalid-input', message, remedy, { details: { field: 'store.url' } });
  }
  return ok(undefined);
}

function notRegistered(path: string): AppError {
  return appError('not-found', `${path} is not registered.`, 'Look at the list again.');
}

/** Drops imported settings that point at nothing on this machine. */
async function usableHere(
  parts: SettingsServiceParts,
  wanted: Settings,
  present: Settings,
): Promise<{ readonly settings: Settings; readonly leftOut: readonly string[] }> {
  const leftOut: string[] = [];
  const there = async (path: string): Promise<boolean> => {
    const facts = await parts.files.stat(path);
    return facts.ok && facts.value !== null;
  };
  let { credentials } = wanted.store;
  if (credentials !== '' && !(await there(credentials))) {
    leftOut.push(`store.credentials: ${credentials} is not on this machine`);
    credentials = present.store.credentials;
  }
  const workspaces: string[] = [];
  for (const path of wanted.git.workspaces) {
    if (await there(path)) workspaces.push(path);
    else leftOut.push(`git.workspaces: ${path} is not on this machine`);
  }
  let { vault } = wanted.git;
  if (vault !== '' && !(await there(vault))) {
    leftOut.push(`git.vault: ${vault} is not on this machine`);
    vault = present.git.vault;
  }
  const registered = new Set([...workspaces, vault]);
  const schedule = Object.fromEntries(
    Object.entries(wanted.git.schedule).filter(([path]) => registered.has(path)),
  );
  const settings = {
    ...wanted,
    store: { ...wanted.store, credentials },
    git: { ...wanted.git, workspaces, vault, schedule },
  };
  return { settings, leftOut };
}
