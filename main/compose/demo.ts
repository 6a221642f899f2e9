import { existsSync } from 'node:fs';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fail, type Answer } from '../../shared/app-error.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { err, ok } from '../../shared/result.ts';
import { gitCli } from '../adapters/git/git-cli.ts';
import { createTreeMemory } from '../core/app/status/tree-memory.ts';
import { DEMO_MACHINES, DEMO_REPOSITORIES, type DemoMachine } from '../core/demo/demo-machines.ts';
import { DEMO_SAVES, demoMoment, type DemoSave } from '../core/demo/demo-sessions.ts';
import { formatPlayedMachine } from '../core/demo/played-machine.ts';
import { gitSync } from '../core/git-sync/git-sync.ts';
import { worstTree } from '../core/workflows/worst-tree.ts';
import type { Reader } from '../core/notes/reader.ts';
import { save } from '../core/save/save.ts';
import type { Core } from './core.ts';
import { makeDemoFolder, removeDemoFolder, type DemoFolder } from './demo-folder.ts';
import { makeDemoTree } from './demo-repository.ts';
import { playAgents } from './demo-transcripts.ts';
import { openCore } from './node.ts';
import { connectFolderStore } from './open-store.ts';
import { dataPaths } from './paths.ts';

/** One demo machine at work. */
export interface DemoStation {
  readonly name: string;
  /** Absolute path of its data folder. */
  readonly home: string;
  readonly person: Reader & { readonly fullName: string };
  readonly core: Core;
  /** Sessions saved on it. */
  readonly sessions: number;
  /** Agent sessions with logs. */
  readonly captured: number;
}

/** A throw-away team: a store and three machines with session logs, not pushed yet. */
export interface DemoTeam {
  readonly folder: DemoFolder;
  /** As {@link DEMO_MACHINES}. */
  readonly stations: readonly [DemoStation, DemoStation, DemoStation];
  close(): Promise<void>;
  /** Removes everything. */
  remove(): Promise<void>;
}

/**
 * Creates the team in a folder (default a new temporary one): sessions saved in work trees by the real `save`, the trees synced by the real
 * git sync.
 */
export async function createDemoTeam(named?: string): Answer<DemoTeam> {
  const samples = findSamples();
  if (samples === null)
    return fail(
      'not-found',
      'The sample logs (assets/demo) are not part of this installation.',
      'Run the demo from a clone of the repository.',
    );
  const folder = await makeDemoFolder(named);
  if (!folder.ok) return folder;
  const connected = await connectFolderStore(folder.value.store, {
    paths: dataPaths(dirname(folder.value.store)),
    createFolder: true,
  });
  if (!connected.ok) return connected;
  const stations: DemoStation[] = [];
  const close = async (): Promise<void> => {
    for (const { core } of stations) await core.close();
  };
  for (const machine of DEMO_MACHINES) {
    const station = await setUp(machine, folder.value, samples);
    if (!station.ok) {
      await close();
      return station;
    }
    stations.push(station.value);
  }
  const [first, second, third] = stations;
  if (!first || !second || !third) throw new Error('the demo has three machines');
  return ok({
    folder: folder.value,
    stations: [first, second, third],
    close,
    remove: async () => {
      await close();
      await removeDemoFolder(folder.value.root);
    },
  });
}

async function setUp(machine: DemoMachine, folder: DemoFolder, samples: string): Answer<DemoStation> {
  const repository = DEMO_REPOSITORIES.find(({ name }) => name === machine.repository);
  if (!repository) throw new Error(`no repository ${machine.repository}`);
  const made = await makeDemoTree(gitCli(), folder, repository, machine);
  if (!made.ok) return made;
  const home = join(folder.machines, machine.name);
  const core = await openDemoHome(machine, home, folder, made.value.tree);
  if (!core.ok) return core;
  const saved = await saveSessions(core.value, machine, made.value.tree, samples);
  if (!saved.ok) return saved;
  if (made.value.git) {
    const synced = await syncTree(core.value, machine, made.value.tree);
    if (!synced.ok) return synced;
  }
  const { user, fullName } = machine.person;
  const captured = await playAgents(core.value, user, join(samples, user), (name) =>
    sessionId({ user, session: name }, core.value.sync.bytes),
  );
  if (!captured.ok) return captured;
  return ok({
    name: machine.name,
    home,
    person: { user, fullName },
    core: core.value,
    sessions: saved.value,
    captured: captured.value,
  });
}

async function openDemoHome(
  machine: DemoMachine,
  home: string,
  folder: DemoFolder,
  tree: string,
): Answer<Core> {
  const paths = dataPaths(home);
  const { user, fullName, email } = machine.person;
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(paths.playedMachine, formatPlayedMachine(machine.facts));
  const settings = {
    ...DEFAULT_SETTINGS,
    store: { ...DEFAULT_SETTINGS.store, url: pathToFileURL(folder.store).href, tenant: 'demo' },
    git: { ...DEFAULT_SETTINGS.git, workspaces: [tree] },
    // The whole log travels by the store, so that the others can read it whatever repositories they have.
    save: { ...DEFAULT_SETTINGS.save, toStore: 'whole' as const },
    author: { user, name: fullName, email },
    capture: { ...DEFAULT_SETTINGS.capture, mode: 'on' as const },
    app: { ...DEFAULT_SETTINGS.app, firstRunDone: true },
  };
  // A core reads settings, and its store, when opened.
  const first = await openCore(home);
  if (!first.ok) return first;
  const kept = first.value.settingsStore.set(settings);
  await first.value.close();
  return kept.ok ? openCore(home) : kept;
}

/** @returns the number of sessions */
async function saveSessions(core: Core, machine: DemoMachine, tree: string, samples: string): Answer<number> {
  const { files, locks, clock, random, bytes } = core.sync;
  const sessions = new Set<string>();
  const place = {
    paths: core.paths,
    hostname: machine.facts.hostname,
    timeZone: core.settings.app.timeZone,
    toStore: core.settings.save.toStore,
    workspaces: [tree],
    author: core.settings.author,
    proposal: async () => core.settings.author,
  };
  for (const one of DEMO_SAVES) {
    if (one.user !== machine.person.user) continue;
    const at = demoMoment(one, clock.now());
    const session = sessionId(one, bytes);
    sessions.add(session);
    const path = join(samples, one.user, `${one.text}.md`);
    const saved = await save({ files, locks, random, bytes, clock: { ...clock, now: () => at } }, place, {
      text: await readFile(path),
      from: { kind: 'file', path },
      cwd: tree,
      workspace: tree,
      scope: one.scope,
      topic: null,
      session,
      log: null,
    });
    if (!saved.ok) return saved;
    if (saved.value.problem !== null) return err(saved.value.problem);
    const { file, whole, daily } = saved.value;
    const seconds = at / 1_000;
    for (const written of [file, whole?.file, daily?.file])
      if (written !== undefined) await utimes(written, seconds, seconds);
  }
  return ok(sessions.size);
}

/** An id in agents' form, the same for all saves of one session. */
function sessionId(
  { user, session }: Pick<DemoSave, 'user' | 'session'>,
  bytes: Core['sync']['bytes'],
): string {
  const hash = bytes.sha256(new TextEncoder().encode(`${user}/${session}`));
  return hash.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}

async function syncTree(core: Core, machine: DemoMachine, tree: string): Answer<void> {
  const { user, fullName, email } = machine.person;
  const synced = await gitSync(
    { ...core.sync, git: gitCli() },
    {
      workspace: tree,
      own: 'all',
      identity: { name: fullName, email, user, machine: core.sync.self.uuid, host: machine.name },
      waitMs: 0,
    },
  );
  if (!synced.ok) return synced;
  // As the app stores it, so that its panel does not say "never".
  const [report] = synced.value.trees;
  const memory = createTreeMemory(
    core.sync.files,
    join(core.paths.state, 'workspaces.json'),
    core.sync.logger,
  );
  if (report) memory.note(tree, 'logs', report, core.sync.clock.now());
  const problem = worstTree(synced.value)?.problem ?? null;
  return problem === null ? ok(undefined) : err(problem);
}

/** The samples are some folders above the sources and the bundle alike. */
function findSamples(): string | null {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const samples = join(folder, 'assets', 'demo');
    if (existsSync(samples)) return samples;
    if (dirname(folder) === folder) return null;
  }
}
