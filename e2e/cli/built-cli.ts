import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const OUT = resolve(import.meta.dirname, '../../out/main');

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What `--json` prints. */
export interface Envelope {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

const NO_GIT_CONFIG = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

/** The environment of a stranger: nothing of the session, language or data folder that this test runs in. */
function cleanEnv(more: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([key]) => !/SESSION|^LC_|^LANG|^GIT_|^NODE_OPT/.test(key));
  return { ...Object.fromEntries(kept), LANG: 'C.UTF-8', ...NO_GIT_CONFIG, ...more };
}

/** The file of a built program, `cli.js` unless named. */
export function builtProgram(name = 'cli.js'): string {
  const file = resolve(OUT, name);
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`);
  return file;
}

/** Runs a built program as a shell would, standard output and error kept apart. */
export function runBuilt(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((settle) => {
    const child = execFile(
      process.execPath,
      [builtProgram(program), ...args],
      { cwd: options.cwd, env: cleanEnv(options.env ?? {}), maxBuffer: 64 << 20 },
      (error, out, err) => {
        // A number unless a signal ended it, which no test here expects.
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        settle({ code, out, err });
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** Reads the envelope, which must be all that stands on standard output: one line. */
export function envelopeOf({ out }: Ended): Envelope {
  if (!/^[^\n]+\n$/.test(out)) throw new Error(`not one line: ${JSON.stringify(out.slice(0, 500))}`);
  return JSON.parse(out) as Envelope;
}

/** Runs git with a name of its own and no configuration. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=t@example.com', ...args], {
    cwd,
    encoding: 'utf8',
    env: cleanEnv({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
