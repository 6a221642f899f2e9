import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, watch, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A `session-log` that was put on the machine: by npm, by the app, by a package of the system. */
export interface InstalledProgram {
  /** Absolute path of what a person or an agent starts. */
  readonly command: string;
  /** The whole environment it gets; nothing of this process's comes along. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a program did in the first minutes of its life on a clean machine, from `liveFirstMinutes`. */
export interface FirstMinutes {
  readonly version: string;
  readonly demo: { readonly code: number; readonly proved: boolean };
  /** What the agent's settings start, without the program's own path. */
  readonly hooks: { readonly code: number; readonly state: unknown; readonly ended: readonly number[] };
  readonly save: { readonly code: number; readonly inFolder: boolean };
  /** The session's end pushes by itself; a push by hand then has nothing left to do. */
  readonly push: { readonly code: number; readonly inStore: number; readonly left: unknown };
  readonly pages: { readonly status: number; readonly isLogBrowser: boolean };
}

/** What every installed program must do. */
export const EXPECTED_FIRST_MINUTES: Omit<FirstMinutes, 'version'> = {
  demo: { code: 0, proved: true },
  hooks: { code: 0, state: 'installed', ended: [0, 0, 0, 0, 0] },
  save: { code: 0, inFolder: true },
  push: { code: 0, inStore: 1, left: [] },
  pages: { status: 200, isLogBrowser: true },
};

/** Runs a program to its end, with text on its standard input. */
export function run(
  { command, env }: InstalledProgram,
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string } = {},
): Promise<Ended> {
  return new Promise((settle) => {
    const child = execFile(
      command,
      [...args],
      { cwd: options.cwd ?? env['HOME'], env, maxBuffer: 64 << 20 },
      (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        settle({ code, out, err });
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/**
 * The environment of a user whose machine has nothing of this repository: a home of its own, plain folders of programs.
 * @param home absolute path of the user's home, which is made
 * @param path folders of programs, the system's own come behind them
 */
export function cleanUser(home: string, path: readonly string[] = []): Record<string, string> {
  mkdirSync(home, { recursive: true });
  return {
    HOME: home,
    USERPROFILE: home,
    PATH: [...path, '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    LANG: 'C.UTF-8',
    TMPDIR: process.env['TMPDIR'] ?? '/tmp',
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    SESSION_LOG_HOME: join(home, 'data'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/** Lives with a program as a new user does: the demo, the hooks, a session with its save and push, the pages. */
export async function liveFirstMinutes(program: InstalledProgram): Promise<FirstMinutes> {
  const home = program.env['HOME'] ?? '';
  const version = await run(program, ['--version']);
  const demo = await run(program, ['demo']);
  const tree = await makeWorkspace(program, join(home, 'work'));
  const saved = await run(program, ['save', '--no-sync', '--topic', 'First minutes'], {
    cwd: tree,
    input: '# Work\n\n## Session Summary\n\nInstalled it.\n',
  });
  const hooks = await liveWithHooks(program);
  await happens(home, () => storedLogs(home).length > 0);
  const inStore = storedLogs(home).length;
  const push = await run(program, ['sync', '--push', '--json']);
  return {
    version: version.out.trim(),
    demo: { code: demo.code, proved: /^\d+\. Proved: /m.test(demo.out) },
    hooks,
    save: {
      code: saved.code,
      inFolder: filesIn(join(tree, 'session-logs')).some((file) => file.endsWith('first-minutes.md')),
    },
    push: { code: push.code, inStore, left: uploadedBy(push) },
    pages: await lookAtPages(program),
  };
}

/** Daily logs in the store that a data folder has in itself. */
function storedLogs(home: string): readonly string[] {
  return filesIn(join(home, 'data', 'store')).filter((file) => /SESSION-LOG-[\d-]+\.md$/.test(file));
}

function uploadedBy(push: Ended): unknown {
  const { value } = JSON.parse(push.out) as { value?: { report?: { uploaded?: unknown } } };
  return value?.report?.uploaded;
}

/** Resolves when something changed below a folder made the condition true. */
function happens(folder: string, condition: () => boolean): Promise<void> {
  return new Promise((settle) => {
    const watching = watch(folder, { recursive: true }, look);
    function look(): void {
      if (!condition()) return;
      watching.close();
      settle();
    }
    look();
  });
}

/** Installs the hooks and starts both as the agent does: by `sh`, with the command that stands in its settings. */
async function liveWithHooks(program: InstalledProgram): Promise<FirstMinutes['hooks']> {
  const installed = await run(program, ['hooks', 'install', '--json']);
  const status = await run(program, ['hooks', 'status', '--json']);
  const report = JSON.parse(status.out) as {
    value?: { state?: string; hooks?: readonly { readonly command: string }[] };
  };
  const ended: number[] = [];
  for (const { command } of report.value?.hooks ?? []) {
    const shell = { ...program, command: '/bin/sh' };
    const hook = await run(shell, ['-c', command], { input: JSON.stringify({ cwd: program.env['HOME'] }) });
    ended.push(hook.code);
  }
  return { code: installed.code, state: report.value?.state, ended };
}

/** A git work tree with an identity, as a team has them. */
async function makeWorkspace(program: InstalledProgram, tree: string): Promise<string> {
  mkdirSync(join(tree, '.claude'), { recursive: true });
  await run({ ...program, command: 'git' }, ['init', '-q', '-b', 'main', tree]);
  writeFileSync(
    join(tree, '.claude/identity.json'),
    JSON.stringify({ user: 'ada', full_name: 'Ada', email: 'ada@example.com', machine: hostname() }),
  );
  return tree;
}

/** Starts the browser view, signs in with the printed address and asks for the page. */
async function lookAtPages({ command, env }: InstalledProgram): Promise<FirstMinutes['pages']> {
  const child = spawn(command, ['browse', '--no-open', '--json'], {
    cwd: env['HOME'],
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => {
    child.once('close', resolve);
  });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      let printed = '';
      child.stdout.on('data', (part: Buffer) => {
        printed += part.toString();
        if (printed.includes('\n')) resolve(printed);
      });
      child.once('close', (code) => reject(new Error(`browse ended with ${code}`)));
    });
    const { value } = JSON.parse(line) as { value: { url: string } };
    const signedIn = await fetch(value.url, { redirect: 'manual' });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await fetch(new URL('/', value.url), { headers: { cookie } });
    const html = await page.text();
    const script = /src="([^"]+\.js)"/.exec(html)?.[1] ?? '/no-script';
    const loaded = await fetch(new URL(script, value.url), { headers: { cookie } });
    return { status: page.status, isLogBrowser: html.includes('<title>Session Log') && loaded.ok };
  } finally {
    child.kill('SIGINT');
    await ended;
  }
}

/** Every file below a folder, by its path in it; none where there is no folder. */
export function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** The version that package.json says. */
export function versionOf(packageFolder: string): string {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
