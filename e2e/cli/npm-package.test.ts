import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import {
  cleanUser,
  EXPECTED_FIRST_MINUTES,
  filesIn,
  liveFirstMinutes,
  run,
  versionOf,
  type InstalledProgram,
} from '../harness/installed-program.ts';

const ROOT = dirname(dirname(import.meta.dirname));
const place = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-npm-')));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const prefix = join(place, 'prefix');
const installed = join(prefix, 'lib', 'node_modules', 'session-log');
const program: InstalledProgram = {
  command: join(prefix, 'bin', 'session-log'),
  env: cleanUser(join(place, 'home'), [dirname(systemNode())]),
};
/** Why the package could not be installed here; undefined when it is. */
let offline: string | undefined;

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'prepack.mjs')], { stdio: 'pipe' });
  npm('pack', '--ignore-scripts', '--pack-destination', place);
  try {
    npm('install', '--global', '--prefix', prefix, '--prefer-offline', join(place, tarball()));
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    const reason = /ENOTFOUND|ENOTCACHED|ETIMEDOUT|ECONN|EAI_AGAIN/.exec(stderr?.toString() ?? '')?.[0];
    if (reason === undefined) throw error;
    offline = `its two native packages are not in npm's cache and the registry is out of reach (${reason})`;
  }
}, 180_000);

const needsInstall = (test: TestContext): void => {
  if (offline !== undefined) test.skip(offline);
};

/** Threads that are started by the names of their files, which no import tells. */
const WORKERS = ['sqlite', 'search', 'secrets', 'list'].map((name) => `out/main/${name}-worker.js`);

describe('the npm package', () => {
  it('holds what the commands and the pages load, and nothing else of the build', () => {
    const files = packed();
    const commands = Object.values(packageJson().bin);
    const reached = chunksFrom([...commands, ...WORKERS]);
    const code = files.filter((file) => /^out\/main\/.+\.m?js$/.test(file) && file !== packageJson().main);
    expect(code.toSorted()).toEqual([...reached].toSorted());
    expect(files).toContain('out/renderer/browser/index.html');
    expect(files).toContain('out/third-party-licences.txt');
    expect(files.filter((file) => !/^(?:out|assets\/demo)\//.test(file)).toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
  });

  it('puts its four commands and two native packages on a clean machine, and nothing else', (test) => {
    needsInstall(test);
    expect(readdirSync(join(prefix, 'bin')).toSorted()).toEqual(Object.keys(packageJson().bin).toSorted());
    expect(readdirSync(join(prefix, 'lib', 'node_modules'))).toEqual(['session-log']);
    const native = filesIn(join(installed, 'node_modules')).filter((file) => file.endsWith('.node'));
    expect(native.some((file) => file.startsWith('@libsql/'))).toBe(true);
    expect(native.some((file) => file.startsWith('@parcel/'))).toBe(true);
  });

  it('lives its first minutes there: demo, hooks, save, push, pages', async (test) => {
    needsInstall(test);
    expect(await liveFirstMinutes(program)).toEqual({ version: versionOf(ROOT), ...EXPECTED_FIRST_MINUTES });
  });

  it("answers by ADR-058's own names as well", async (test) => {
    needsInstall(test);
    for (const name of ['session-log-init', 'session-log-sync', 'session-log-migrate']) {
      const help = await run({ ...program, command: join(prefix, 'bin', name) }, ['--help']);
      expect(help, name).toMatchObject({ code: 0, out: expect.stringContaining(`Usage: ${name}`) });
    }
  });
});

/** A Node as users have it, not the one that this repository brings for its tools; that one where there is no other. */
function systemNode(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.startsWith(ROOT));
  return [...folders.map((folder) => join(folder, 'node')), process.execPath].find(existsSync) ?? '';
}

function npm(...args: string[]): void {
  const path = [dirname(systemNode()), process.env['PATH']].join(delimiter);
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: args[0] === 'pack' ? ROOT : place,
    env: { ...process.env, PATH: path },
    stdio: 'pipe',
    timeout: 150_000,
  });
}

function tarball(): string {
  return readdirSync(place).find((name) => name.endsWith('.tgz')) ?? '';
}

function packed(): readonly string[] {
  return execFileSync('tar', ['-tzf', join(place, tarball())], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''));
}

function packageJson(): { readonly main: string; readonly bin: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
}

/** The entries and every chunk of the build that one of them leads to. */
function chunksFrom(entries: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const code = readFileSync(join(ROOT, file), 'utf8');
    for (const match of code.matchAll(/["'`]\.\/(chunk-[\w.-]+\.mjs)["'`]/g)) look(`out/main/${match[1]}`);
  };
  for (const entry of entries) look(entry);
  return found;
}
