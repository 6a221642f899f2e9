import { mkdtempSync, readdirSync, readFileSync, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { appError, type AppError } from '../../shared/app-error.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { DEMO_MACHINES, type DemoMachine } from '../core/demo/demo-machines.ts';
import { fillDays, fillDaysInPath } from '../core/demo/demo-days.ts';
import type { Core } from './core.ts';
import { openCore } from './node.ts';
import { connectFolderStore } from './open-store.ts';

/** A throw-away team: a store and three machines with their logs, none of it pushed yet. */
export interface DemoTeam {
  readonly root: string;
  readonly storeFolder: string;
  readonly machines: readonly { readonly name: string; readonly home: string; readonly core: Core }[];
  /** Takes the store away, as an unplugged network does; and gives it back. */
  unplug(): Promise<void>;
  plugIn(): Promise<void>;
  close(): Promise<void>;
  /** Removes everything. */
  remove(): Promise<void>;
}

/** Makes the team below a folder (a new temporary one unless named). */
export async function createDemoTeam(folder?: string): Promise<Result<DemoTeam, AppError>> {
  const samples = findSamples();
  if (samples === null)
    return err(
      appError(
        'not-found',
        'The sample logs (assets/demo) are not part of this installation.',
        'Run the demo from a clone of the repository.',
      ),
    );
  const root = folder ?? mkdtempSync(join(tmpdir(), 'session-log-demo-'));
  const storeFolder = join(root, 'store');
  const connected = await connectFolderStore(storeFolder);
  if (!connected.ok) return connected;
  const machines: { name: string; home: string; core: Core }[] = [];
  for (const machine of DEMO_MACHINES) {
    const home = join(root, 'machines', machine.folder);
    const core = await setUp(machine, home, storeFolder, join(samples, machine.folder));
    if (!core.ok) return core;
    machines.push({ name: machine.folder, home, core: core.value });
  }
  const away = `${storeFolder}.unplugged`;
  const close = async (): Promise<void> => {
    for (const { core } of machines) await core.close();
  };
  return ok({
    root,
    storeFolder,
    machines,
    unplug: () => rename(storeFolder, away),
    plugIn: () => rename(away, storeFolder),
    close,
    remove: async () => {
      await close();
      await rm(root, { recursive: true, force: true });
    },
  });
}

async function setUp(
  machine: DemoMachine,
  home: string,
  storeFolder: string,
  samples: string,
): Promise<Result<Core, AppError>> {
  const settings = {
    ...DEFAULT_SETTINGS,
    store: { ...DEFAULT_SETTINGS.store, url: pathToFileURL(storeFolder).href, tenant: 'demo' },
  };
  const probe = { probe: async () => machine.facts, hostname: () => machine.facts.hostname };
  const first = await openCore(home, { probe });
  if (!first.ok) return first;
  const saved = first.value.settingsStore.set({ ...settings, app: { ...settings.app, firstRunDone: true } });
  const marked = await markAsDemo(first.value);
  await first.value.close();
  if (!saved.ok) return saved;
  if (!marked.ok) return marked;
  const core = await openCore(home, { probe });
  if (!core.ok) return core;
  const today = core.value.sync.clock.now();
  for (const path of sampleFiles(samples)) {
    const target = join(core.value.paths.sessionLogs, fillDaysInPath(path, today));
    const text = fillDays(readFileSync(join(samples, path), 'utf8'), today);
    const made = await core.value.sync.files.create(target, new TextEncoder().encode(text));
    if (!made.ok) return made;
  }
  return core;
}

/** Says in the identity that the machine only plays its hardware, so that its windows do not ask why. */
function markAsDemo({ identity, paths, sync }: Core): Promise<Result<void, AppError>> {
  const text = JSON.stringify({ ...identity.identity, demo: true }, null, 2);
  return sync.files.replace(paths.machineId, new TextEncoder().encode(`${text}\n`));
}

function sampleFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The samples lie beside the sources and beside the bundle alike, some folders up. */
function findSamples(): string | null {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const samples = join(folder, 'assets', 'demo');
    if (existsSync(samples)) return samples;
    if (dirname(folder) === folder) return null;
  }
}
