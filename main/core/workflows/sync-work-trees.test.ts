import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { createNodeFiles } from '../../adapters/disk/node-files.ts';
import { gitCli } from '../../adapters/git/git-cli.ts';
import { nodeLocks } from '../../adapters/lock/node-locks.ts';
import { createNodeBytes } from '../../adapters/system/node-bytes.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { createNodeRandom } from '../../adapters/system/node-random.ts';
import { dataPaths } from '../../compose/paths.ts';
import { LOCK_NAME } from '../ports/lock.ts';
import {
  allTrees,
  syncWorkTrees,
  tellingOf,
  type WorkTreesDeps,
  type WorkTreesRequest,
} from './sync-work-trees.ts';

const ENV = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
const HOST = 'mara-mbp';
const MARA = { user: 'mara', full_name: 'Mara Lind', email: 'mara@example.com', machine: HOST };
const NOTE =
  '# Day\n\n## User\n\n- **User:** Jonas Weber (jonas)\n\n## Note for mara\n\nThe pier is closed.\n';
const LOG = 'session-logs/2026-01-05-mara-a.md';

let root: string;
let deps: WorkTreesDeps;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sync-work-trees-')));
  deps = {
    git: gitCli({ env: ENV }),
    locks: nodeLocks({ who: 'test' }),
    files: createNodeFiles(),
    clock: createNodeClock(),
    random: createNodeRandom(),
    bytes: createNodeBytes(),
    settings: DEFAULT_SETTINGS,
    hostname: HOST,
    systemUser: 'mara',
    paths: dataPaths(join(root, 'home')),
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(cwd: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=Jonas Weber', '-c', 'user.email=jonas@example.com'];
  return execFileSync('git', [...who, ...args], {
    cwd,
    env: ENV,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A work tree with its remote and an identity, whose only commit is pushed. */
function tree(name: string, identity: object | null = MARA): string {
  const [remote, folder] = [join(root, `${name}.git`), join(root, name)];
  git(root, 'init', '-q', '--bare', '-b', 'main', remote);
  git(root, 'init', '-q', '-b', 'main', folder);
  put(join(folder, '.gitignore'), '.claude\n');
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'seed');
  git(folder, 'remote', 'add', 'origin', remote);
  git(folder, 'push', '-q', '-u', 'origin', 'main');
  if (identity !== null) put(join(folder, '.claude', 'identity.json'), JSON.stringify(identity));
  return folder;
}

const onRemote = (name: string): readonly string[] =>
  git(join(root, `${name}.git`), 'ls-tree', '-r', '--name-only', 'main')
    .split('\n')
    .filter(Boolean);

/** What Jonas pushes from a clone of his own. */
function jonasPushes(name: string, path: string, text: string): void {
  const clone = mkdtempSync(join(root, 'jonas-'));
  git(root, 'clone', '-q', join(root, `${name}.git`), clone);
  put(join(clone, path), text);
  git(clone, 'add', '.');
  git(clone, 'commit', '-q', '-m', 'his');
  git(clone, 'push', '-q');
}

function run(trees: readonly string[], more: Partial<WorkTreesRequest> = {}) {
  return syncWorkTrees(deps, { trees, mode: 'logs', own: 'all', waitMs: 0, ...more });
}

it('gives each tree its turn in order, though one fails and another is deferred; the one for a person decides', async () => {
  const [busy, stranger, good] = [
    tree('busy'),
    tree('stranger', { ...MARA, machine: 'another' }),
    tree('good'),
  ];
  for (const folder of [busy, stranger, good]) put(join(folder, LOG), '# A\n');
  const lock = await deps.locks.acquire({ path: join(busy, '.git', LOCK_NAME), command: 'x', waitMs: 0 });
  const turns: string[] = [];
  const done: string[] = [];
  const { report, problem } = await run([busy, stranger, good], {
    onTurn: (path, at) => turns.push(`${at} ${path}`),
    onTree: ({ path }) => done.push(path),
  });
  expect(lock.ok).toBe(true);
  expect(turns).toEqual([`0 ${busy}`, `1 ${stranger}`, `2 ${good}`]);
  expect(done).toEqual([busy, stranger, good]);
  expect(report.runs.map((one) => one.problem?.code ?? null)).toEqual(['lock-held', 'attention', null]);
  expect(report.runs.map((one) => tellingOf(one).state)).toEqual(['deferred', 'attention', 'synced']);
  expect(problem?.code).toBe('attention');
  expect(allTrees(report).trees).toHaveLength(3);
  expect(onRemote('good')).toContain(LOG);
  expect(onRemote('stranger')).not.toContain(LOG);
  const [author] = git(good, 'log', '-1', '--format=%an <%ae>').split('\n');
  expect(author).toBe('Mara Lind <mara@example.com>');
});

it('stops with the tree in which a person stops it: the others lose their turn', async () => {
  const [first, second] = [tree('first'), tree('second')];
  put(join(second, LOG), '# A\n');
  const stop = new AbortController();
  const { report, problem } = await run([first, second], {
    signal: stop.signal,
    onTurn: (path) => (path === first ? stop.abort() : undefined),
  });
  expect(problem?.code).toBe('cancelled');
  expect(report.runs.map(({ path }) => path)).toEqual([first]);
  expect(onRemote('second')).not.toContain(LOG);
});

it('syncs a vault that several workspaces share once, and one by itself with the identity of a workspace', async () => {
  const vault = tree('vault', null);
  const [one, two] = ['one', 'two'].map((name) => tree(name, { ...MARA, vault_path: vault })) as [
    string,
    string,
  ];
  put(join(vault, LOG), '# A\n');
  const together = await run([one, two], { own: 'saved' });
  expect(together.problem).toBeNull();
  expect(together.report.runs.map(({ trees }) => trees.map(({ role }) => role))).toEqual([
    ['workspace', 'vault'],
    ['workspace'],
  ]);
  expect(onRemote('vault')).toContain(LOG);

  put(join(vault, 'session-logs/2026-01-06-mara-b.md'), '# B\n');
  const alone = await run([one, vault], { own: 'saved', vaults: [vault] });
  expect(alone.problem).toBeNull();
  expect(allTrees(alone.report).trees.map(({ role }) => role)).toEqual(['workspace', 'vault']);
  expect(git(vault, 'log', '-1', '--format=%an').trim()).toBe('Mara Lind');
});

it('commits with "saved" only what saves wrote', async () => {
  const folder = tree('work');
  put(join(folder, LOG), '# Written by hand, without a mark\n');
  const { report, problem } = await run([folder], { own: 'saved' });
  expect(problem).toBeNull();
  expect(report.runs[0]?.trees[0]?.state).toBe('nothing');
  expect(onRemote('work')).not.toContain(LOG);
});

it.each(['logs', 'notes'] as const)('hands over the notes that arrive, by a run for %s', async (mode) => {
  const folder = tree('work');
  const path = 'session-logs/2026-01-05-jonas-pier.md';
  jonasPushes('work', path, NOTE);
  put(join(folder, LOG), '# Mine\n');
  let looks = 0;
  const { report, problem } = await run([folder], { mode, onNotes: () => looks++ });
  expect(problem).toBeNull();
  expect(looks).toBeGreaterThan(0);
  expect(report.runs[0]).toMatchObject({ mode, reader: { user: 'mara' }, failure: null });
  expect(report.runs[0]?.notes.map((one) => one.text)).toEqual(['The pier is closed.']);
  expect(existsSync(join(folder, path))).toBe(mode === 'logs');
  expect(onRemote('work').includes(LOG)).toBe(mode === 'logs');
});

it('says of a folder that is no work tree that it could not begin, and goes on', async () => {
  const [plain, good] = [join(root, 'plain'), tree('good')];
  put(join(plain, '.claude', 'identity.json'), JSON.stringify(MARA));
  const { report, problem } = await run([plain, good]);
  const [first, second] = report.runs;
  expect(first?.failure).toBe(problem);
  expect(first?.trees).toMatchObject([{ role: 'workspace', state: 'attention' }]);
  expect(second?.problem).toBeNull();
});
