import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentHash, dropStamp, filesBelow, readStamp, writeStamp } from '../../scripts/content-stamp.mjs';
import type { ElectronDist } from './electron-dist.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const STAMP = join(root, 'dist', 'tested', '.session-log-stamp');
const INPUTS = [
  'assets',
  'electron-builder.yml',
  'out',
  'package.json',
  'package-lock.json',
  'scripts/carried-cli.mjs',
  'scripts/carried-files.mjs',
  'scripts/carried-node.mjs',
  'scripts/dist.mjs',
];
const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'linux-unpacked/session-log-app',
  win32: 'win-unpacked/Session Log.exe',
  darwin: 'mac-universal/Session Log.app/Contents/MacOS/Session Log',
};

/**
 * Packs the app as `npm run dist` does, unless that was done with the same content before.
 * @param dist the Electron that it is packed with
 * @returns absolute path of the program
 * @throws Error when it could not be packed, with what the packer printed
 */
export async function ensurePackedApp(dist: ElectronDist, say: (line: string) => void): Promise<string> {
  const program = join(root, 'dist', 'tested', PROGRAMS[process.platform] ?? '');
  if (readStamp(STAMP) === stampNow(dist) && existsSync(program)) {
    say('the packed app is up to date');
    return program;
  }
  dropStamp(STAMP);
  const started = performance.now();
  const printed = await run(process.execPath, [join(root, 'scripts', 'dist.mjs'), '--tested']);
  if (!existsSync(program)) throw new Error(`the app was not packed:\n${printed}`);
  writeStamp(STAMP, stampNow(dist));
  say(`packed the app in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return program;
}

function stampNow(dist: ElectronDist): string {
  const files = INPUTS.flatMap((path) =>
    filesBelow(root, path, (file) => !file.endsWith('.map') && !file.endsWith('-stamp')),
  );
  return contentHash(root, files, [dist.version, dist.folder]);
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        printed += part.toString();
      });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${args.join(' ')} ended with ${code}:\n${printed}`));
    });
  });
}
