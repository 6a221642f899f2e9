import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gitCli } from '../../../main/adapters/git/git-cli.ts';
import { nodeLocks } from '../../../main/adapters/lock/node-locks.ts';
import { createNodeFiles } from '../../../main/adapters/disk/node-files.ts';
import { createNodeClock } from '../../../main/adapters/system/node-clock.ts';
import { createNodeRandom } from '../../../main/adapters/system/node-random.ts';
import type {
  GitSyncDeps,
  GitSyncProgress,
  GitSyncRequest,
} from '../../../main/core/git-sync/git-sync-deps.ts';
import { gitSync } from '../../../main/core/git-sync/git-sync.ts';
import type { GitSyncLimits } from '../../../main/core/git-sync/limits.ts';
import type { GitSyncReport, TreeReport } from '../../../main/core/git-sync/report.ts';
import { exitCodeOfReport, formatReceipt } from '../../../main/cli/git-receipt.ts';
import { worstTree } from '../../../main/core/workflows/worst-tree.ts';
import { exitCodeOf, type AppError } from '../../../shared/app-error.ts';

/** Deadlines as a test can wait for them. Long enough for a loaded machine where nothing is meant to run into them. */
export const SHORT: Partial<GitSyncLimits> = {
  hookMs: 20_000,
  signMs: 20_000,
  silenceMs: 20_000,
  gitLockMs: 300,
  pushPatienceMs: 0,
  pushPauseMinMs: 1,
  pushPauseMaxMs: 5,
};

export const IDENTITY = {
  name: 'Mike Swanson',
  email: 'mike@example.com',
  user: 'mike',
  machine: '835d8a70-06d3-4f6c-a8cd-bf720c6eea7b',
  host: 'HAL',
} as const;

/** What a run came to, as the command line would end. */
export interface Outcome {
  readonly code: number;
  /** The failure, or the problem of the tree that decides. */
  readonly error: AppError | null;
  readonly report: GitSyncReport | null;
  /** The workspace's part of the report. */
  readonly tree: TreeReport | null;
  readonly text: string;
  readonly progress: readonly GitSyncProgress[];
}

export interface SyncOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly limits?: Partial<GitSyncLimits>;
  readonly request?: Partial<GitSyncRequest>;
  readonly deps?: Partial<GitSyncDeps>;
}

/** A workspace, its bare remote and a colleague's clone, all real, in one temporary folder. */
export interface World {
  readonly root: string;
  readonly tree: string;
  readonly remote: string;
  readonly mate: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The environment in which nothing of the machine's own git configuration is seen. */
export function cleanEnv(home: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [key, value] of Object.entries(process.env)) if (!key.startsWith('GIT_')) env[key] = value;
  return {
    ...env,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
  };
}

/** Runs git and gives its output without the last line end; throws with git's own words. */
export function git(world: Pick<World, 'env'>, cwd: string, ...args: readonly string[]): string {
  return gitInput(world, cwd, undefined, ...args);
}

/** As {@link git}, with something on its input. */
export function gitInput(
  world: Pick<World, 'env'>,
  cwd: string,
  input: string | undefined,
  ...args: readonly string[]
): string {
  const done = spawnSync('git', [...args], {
    cwd,
    env: world.env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });
  if (done.status !== 0)
    throw new Error(`git ${args.join(' ')} in ${cwd}: ${done.status} ${done.stdout}${done.stderr}`);
  return done.stdout.replace(/\n$/, '');
}

/** Runs git where failing is part of the arrangement; gives the exit code. */
export function gitTry(world: Pick<World, 'env'>, cwd: string, ...args: readonly string[]): number {
  return spawnSync('git', [...args], { cwd, env: world.env, stdio: 'ignore' }).status ?? -1;
}

/** What every world begins with: tracked text, a binary, logs in the three known places, and an ignore rule. */
const SEED: Readonly<Record<string, string | Buffer>> = {
  '.gitignore': '*.key\n/ignored/\n',
  'README.md': '# Team\n',
  'shared.txt': 'one\ntwo\nthree\nfour\nfive\n',
  'others/partly.txt': 'first\nsecond\nthird\n',
  'data.bin': Buffer.from([0, 1, 2, 255, 254, 0, 10, 13, 10]),
  'folder/inner.txt': 'inner\n',
  thing: 'a file that may become a folder\n',
  'session-logs/2026-06-01-mike-first.md': '# First\n\nbegun\n',
  'projects/alpha/session-logs/2026-06-02-mike-alpha.md': '# Alpha\n',
  'clients/acme/session-logs/2026-06-03-anna-acme.md': '# Acme\n',
};

/** Makes the template that every scenario of a file copies. */
export function makeTemplate(): World {
  const root = mkdtempSync(join(tmpdir(), 'session-log-git-'));
  mkdirSync(join(root, 'home'));
  const world: World = {
    root,
    tree: join(root, 'tree'),
    remote: join(root, 'remote.git'),
    mate: join(root, 'mate'),
    env: cleanEnv(join(root, 'home')),
  };
  writeFileSync(
    join(root, 'home', '.gitconfig'),
    '[user]\n\tname = Nobody\n\temail = nobody@example.com\n[init]\n\tdefaultBranch = main\n',
  );
  git(world, root, 'init', '-q', '--bare', '--template=', world.remote);
  git(world, root, 'clone', '-q', '--template=', world.remote, world.tree);
  put(world.tree, SEED);
  git(world, world.tree, 'config', 'user.name', IDENTITY.name);
  git(world, world.tree, 'config', 'user.email', IDENTITY.email);
  git(world, world.tree, 'add', '-A');
  git(world, world.tree, 'commit', '-q', '-m', 'seed');
  git(world, world.tree, 'push', '-q', 'origin', 'HEAD');
  git(world, root, 'clone', '-q', '--template=', world.remote, world.mate);
  git(world, world.mate, 'config', 'user.name', 'Anna');
  git(world, world.mate, 'config', 'user.email', 'anna@example.com');
  return world;
}

let copies = 0;

/** Copies a template with everything in it; addresses in it follow. */
export function copyWorld(template: World): World {
  const root = `${template.root}-${process.pid}-${copies++}`;
  execFileSync('cp', ['-a', template.root, root]);
  const moved = (path: string): string => path.replace(template.root, root);
  for (const clone of ['tree', 'mate']) {
    const config = join(root, clone, '.git', 'config');
    writeFileSync(config, readFileSync(config, 'utf8').replaceAll(template.root, root));
  }
  return {
    root,
    tree: moved(template.tree),
    remote: moved(template.remote),
    mate: moved(template.mate),
    env: cleanEnv(join(root, 'home')),
  };
}

/** Removes a world. */
export function dropWorld(world: World): void {
  rmSync(world.root, { recursive: true, force: true, maxRetries: 3 });
}

/** Writes files; null removes one. */
export function put(folder: string, files: Readonly<Record<string, string | Buffer | null>>): void {
  for (const [path, content] of Object.entries(files)) {
    const full = join(folder, path);
    if (content === null) rmSync(full, { recursive: true, force: true });
    else {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, content);
    }
  }
}

/** The colleague commits a change and pushes it. */
export function mateCommits(
  world: World,
  files: Readonly<Record<string, string | Buffer | null>>,
  subject = 'from anna',
): string {
  git(world, world.mate, 'pull', '-q', '--rebase');
  put(world.mate, files);
  git(world, world.mate, 'add', '-A', '-f');
  git(world, world.mate, 'commit', '-q', '-m', subject);
  git(world, world.mate, 'push', '-q', 'origin', 'HEAD:main');
  return git(world, world.mate, 'rev-parse', 'HEAD');
}

/** One run of the real driver with the real git, lock and files. */
export async function sync(
  world: World,
  own: GitSyncRequest['own'],
  options: SyncOptions = {},
): Promise<Outcome> {
  const progress: GitSyncProgress[] = [];
  const result = await gitSync(
    {
      git: gitCli({ env: { ...world.env, ...options.env }, graceMs: 300 }),
      locks: nodeLocks({ who: 'mike' }),
      files: createNodeFiles(),
      clock: createNodeClock(),
      random: createNodeRandom(),
      limits: { ...SHORT, ...options.limits },
      ...options.deps,
    },
    {
      workspace: world.tree,
      own,
      identity: IDENTITY,
      waitMs: 5_000,
      onProgress: (step) => progress.push(step),
      ...options.request,
    },
  );
  if (!result.ok) {
    const { error } = result;
    return { code: exitCodeOf(error), error, report: null, tree: null, text: error.message, progress };
  }
  const report = result.value;
  return {
    code: exitCodeOfReport(report),
    error: worstTree(report)?.problem ?? null,
    report,
    tree: report.trees[0] ?? null,
    text: formatReceipt(report),
    progress,
  };
}

/** Content of a path on the remote's main branch; null when it is not there. */
export function onRemote(world: World, path: string, branch = 'main'): string | null {
  const shown = spawnSync('git', ['cat-file', 'blob', `${branch}:${path}`], {
    cwd: world.remote,
    env: world.env,
  });
  return shown.status === 0 ? shown.stdout.toString('utf8') : null;
}

/** Every file, link and folder of a tree outside `.git`: kind, mode and content. */
export function snapshot(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (at: string): void => {
    for (const name of readdirSync(join(folder, at))) {
      const path = at === '' ? name : `${at}/${name}`;
      const full = join(folder, path);
      const facts = lstatSync(full);
      if (name === '.git') continue;
      if (facts.isDirectory()) visit(path);
      else if (facts.isSymbolicLink()) found.set(path, `link ${readlinkSync(full)}`);
      else found.set(path, `${(facts.mode & 0o111).toString(8)} ${readFileSync(full).toString('base64')}`);
    }
  };
  if (existsSync(folder)) visit('');
  return found;
}
