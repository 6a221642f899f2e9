import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { err, unwrap } from '../../../shared/result.ts';
import { createNodeBytes } from '../../adapters/system/node-bytes.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { refreshWorkspaces, type WorkspaceNotice } from './refresh-workspaces.ts';
import { scanWorkspace, WORKSPACE_LOG_LIMIT } from './scan-workspace.ts';
import { rememberWorkspace, usedWorkspaces } from './used-workspaces.ts';
import { workspaceRoots, type WorkspaceRoot } from './workspace-roots.ts';

const bytes = createNodeBytes();
const sha256 = (text: string): string => bytes.sha256(new TextEncoder().encode(text));

let world: TestWorld;
let a: TestMachine;
let root: string;

beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
  root = mkdtempSync(join(tmpdir(), 'session-log-workspaces-'));
  use('harbor', 'dunes');
});
afterEach(async () => {
  await world.end();
  rmSync(root, { recursive: true, force: true });
});

/** Registers workspaces of these names; those that do not exist are made. */
function use(...names: readonly string[]): void {
  const roots = names.map((name) => join(root, name));
  for (const folder of roots) mkdirSync(folder, { recursive: true });
  a.workspaces = workspaceRoots({ workspaces: roots, vault: '' }, [], sha256);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function refreshed(more: Partial<SyncDeps> = {}): Promise<readonly WorkspaceNotice[]> {
  return unwrap(await refreshWorkspaces({ ...a.deps, ...more }));
}

async function rows(): Promise<readonly LogRow[]> {
  return unwrap(await a.deps.index.page({})).rows;
}

async function paths(): Promise<readonly string[]> {
  return (await rows()).map(({ host, path }) => `${host}/${path}`).sort();
}

function at<T>(list: readonly T[], index = 0): T {
  const item = list[index];
  if (item === undefined) throw new Error('nothing there');
  return item;
}

it('lists the session logs of every workspace, whoever wrote them, and nothing else of it', async () => {
  write('harbor/session-logs/2026-06-05-mike-dns.md', '# DNS\n');
  write('harbor/session-logs/2026-05/2026-05-01-mara-old.md', '# Old\n');
  write('harbor/projects/apollo/session-logs/2026-06-06-mara-rocket.md', '# Rocket\n');
  write('harbor/clients/acme/session-logs/2026-06-07-mara-call.md', '# Call\n');
  write('harbor/README.md', '# Read me\n');
  write('harbor/docs/session-logs.md', '# No log\n');
  write('dunes/session-logs/2026-06-05-hal-dns.md', '# DNS\n');
  expect(await refreshed()).toEqual([]);
  expect(await paths()).toEqual([
    'dunes/session-logs/2026-06-05-hal-dns.md',
    'harbor/clients/acme/session-logs/2026-06-07-mara-call.md',
    'harbor/projects/apollo/session-logs/2026-06-06-mara-rocket.md',
    'harbor/session-logs/2026-05/2026-05-01-mara-old.md',
    'harbor/session-logs/2026-06-05-mike-dns.md',
  ]);
  expect((await rows()).find(({ title }) => title === 'Rocket')).toMatchObject({
    place: 'workspace',
    project: 'apollo',
    user: 'mara',
    date: '2026-06-06',
  });
  expect(unwrap(await a.deps.index.machines())).toEqual([]);
});

it('reads only what changed', async () => {
  write('harbor/session-logs/2026-06-05-mike-dns.md', '# DNS\n');
  write('harbor/session-logs/2026-06-06-mike-tls.md', '# TLS\n');
  await refreshed();
  const version = unwrap(await a.deps.index.version());
  const read: string[] = [];
  const files: SyncDeps['files'] = {
    ...a.deps.files,
    measure: (path, options) => {
      read.push(path);
      return a.deps.files.measure(path, options);
    },
  };
  await refreshed({ files });
  expect(read).toEqual([]);
  expect(unwrap(await a.deps.index.version())).toBe(version);
  write('harbor/session-logs/2026-06-06-mike-tls.md', '# TLS again\n');
  await refreshed({ files });
  expect(read).toEqual([join(root, 'harbor/session-logs/2026-06-06-mike-tls.md')]);
  expect(new Set((await rows()).map(({ title }) => title))).toEqual(new Set(['DNS', 'TLS again']));
});

const NONE = { workspaces: [], vault: '' };

it('lists a workspace that was only used, and forgets it without a word once it is gone', async () => {
  const [harbor, gone] = [join(root, 'harbor'), join(root, 'gone')];
  write('harbor/session-logs/2026-06-05-mike-dns.md', '# DNS\n');
  for (const one of [gone, harbor, harbor]) await rememberWorkspace(a.deps, NONE, one);
  await rememberWorkspace(a.deps, { ...NONE, vault: root }, root);
  const used = await usedWorkspaces(a.deps, NONE);
  expect(used).toEqual([harbor, gone]);
  a.workspaces = workspaceRoots({ workspaces: [], vault: '' }, [], sha256, used);
  expect(await refreshed()).toEqual([]);
  expect((await rows()).map(({ title }) => title)).toEqual(['DNS']);
  expect(await usedWorkspaces(a.deps, NONE)).toEqual([harbor]);
  // Registered, and taken out of the list again.
  expect(await usedWorkspaces(a.deps, { workspaces: [harbor], vault: '' })).toEqual([]);
  expect(await usedWorkspaces(a.deps, NONE)).toEqual([]);
});

it('drops the rows of a workspace that is gone, and says so', async () => {
  write('harbor/session-logs/2026-06-05-mike-dns.md', '# DNS\n');
  write('dunes/session-logs/2026-06-05-hal-dns.md', '# DNS\n');
  await refreshed();
  rmSync(join(root, 'harbor'), { recursive: true });
  expect(await refreshed()).toEqual([
    { root: join(root, 'harbor'), problem: 'it is not there; its logs are not listed', kept: false },
  ]);
  expect(await paths()).toEqual(['dunes/session-logs/2026-06-05-hal-dns.md']);
});

it('drops the rows of a workspace that is registered no longer, and follows one that moved', async () => {
  write('harbor/session-logs/2026-06-05-mike-dns.md', '# DNS\n');
  await refreshed();
  renameSync(join(root, 'harbor'), join(root, 'port'));
  use('port');
  expect(await refreshed()).toEqual([]);
  expect(await paths()).toEqual(['port/session-logs/2026-06-05-mike-dns.md']);
});

it('keeps the rows of a workspace whose disk does not answer, and looks at nothing there', async () => {
  write('harbor/session-logs/2026-06-05-mike-dns.md', '# DNS\n');
  write('dunes/session-logs/2026-06-05-hal-dns.md', '# DNS\n');
  await refreshed();
  write('dunes/session-logs/2026-06-06-hal-tls.md', '# TLS\n');
  const dead = join(root, 'harbor');
  const hang = <T>(path: string, look: () => Promise<T>): Promise<T> =>
    path.startsWith(dead) ? new Promise<never>(() => undefined) : look();
  const { files } = a.deps;
  const notices = await refreshed({
    files: {
      ...files,
      answers: async (folder) => folder !== dead,
      stat: (path) => hang(path, () => files.stat(path)),
      names: (path) => hang(path, () => files.names(path)),
      scanLogs: (path) => hang(path, () => files.scanLogs(path)),
    },
  });
  expect(notices).toEqual([
    { root: dead, problem: 'its disk does not answer; its logs are listed as they were', kept: true },
  ]);
  expect(await paths()).toHaveLength(3);
});

it('names logs that cannot be read, and lists the others', async () => {
  write('harbor/session-logs/2026-06-05-mike-dns.md', '# DNS\n');
  write('harbor/session-logs/2026-06-06-mike-secret.md', '# Secret\n');
  const { files } = a.deps;
  const [notice] = await refreshed({
    files: {
      ...files,
      measure: async (path, options) =>
        path.includes('secret')
          ? err(appError('denied', `${path} may not be read.`, ''))
          : files.measure(path, options),
    },
  });
  expect(notice?.problem).toContain('session-logs/2026-06-06-mike-secret.md could not be read');
  expect(await paths()).toEqual(['harbor/session-logs/2026-06-05-mike-dns.md']);
});

it('follows no link out of a workspace', async () => {
  write('elsewhere/session-logs/2026-06-05-eve-secret.md', '# Secret\n');
  mkdirSync(join(root, 'harbor/projects'), { recursive: true });
  symlinkSync(join(root, 'elsewhere'), join(root, 'harbor/projects/eve'));
  const [notice] = await refreshed();
  expect(notice?.problem).toContain('leads out of the workspace');
  expect(await paths()).toEqual([]);
});

it('lists a workspace without logs as nothing at all', async () => {
  expect(await refreshed()).toEqual([]);
  expect(await rows()).toEqual([]);
});

it('reads a large workspace bit by bit, newest first, and says how much is left', async () => {
  for (let day = 1; day <= 28; day++)
    write(`harbor/session-logs/2026-02-${String(day).padStart(2, '0')}-mike-x.md`, `# Day ${day}\n`);
  let now = 0;
  const slow = { ...a.deps.clock, now: () => (now += 200) };
  const [first] = await refreshed({ clock: slow });
  const listed = await rows();
  expect(listed.length).toBeGreaterThan(0);
  expect(listed.length).toBeLessThan(28);
  expect(first?.problem).toBe(`${28 - listed.length} logs are not read yet, and the next look goes on`);
  expect(at(listed).date).toBe('2026-02-28');
  while ((await refreshed({ clock: slow })).length > 0);
  expect(await rows()).toHaveLength(28);
});

it('bounds what it lists of a workspace with 50,000 logs to the newest', async () => {
  const many = Array.from({ length: 50_000 }, (_, n) => ({
    path: `${2000 + (n % 20)}-01-01-mike-${n}.md`,
    size: 1,
    mtimeMs: 0,
  }));
  const { files } = a.deps;
  mkdirSync(join(root, 'harbor/session-logs'));
  const scan = await scanWorkspace(
    { ...files, scanLogs: async () => ({ ok: true, value: { files: many, problems: [] } }) },
    join(root, 'harbor'),
  );
  if (scan.kind !== 'found') throw new Error(scan.kind);
  expect(scan.files).toHaveLength(WORKSPACE_LOG_LIMIT);
  expect(scan.above.size).toBe(30_000);
  expect(scan.files.every(({ path }) => path >= 'session-logs/2012')).toBe(true);
});

it('keeps a row whose log was touched until it is read again', async () => {
  write('harbor/session-logs/2026-06-05-mike-dns.md', '# DNS\n');
  await refreshed();
  utimesSync(join(root, 'harbor/session-logs/2026-06-05-mike-dns.md'), 1, 1);
  const late = {
    ...a.deps.clock,
    now: (() => {
      let now = 0;
      return () => (now += 10_000);
    })(),
  };
  await refreshed({ clock: late });
  expect(await paths()).toHaveLength(1);
});

it('gives a workspace an id that only its place decides', () => {
  const ids = (...roots: readonly string[]): readonly string[] =>
    workspaceRoots({ workspaces: roots, vault: '' }, [], sha256).map(({ machine }: WorkspaceRoot) => machine);
  expect(ids('/a/b/')).toEqual(ids('/a/b'));
  expect(ids('/a/b', '/a/b/')).toHaveLength(1);
  expect(ids('/a/b')).not.toEqual(ids('/a/c'));
});
