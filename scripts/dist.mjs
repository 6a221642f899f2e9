import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, ensureBuild, runPrepared, say, toolEnvironment } from './bootstrap.mjs';
import { writeBillOfMaterials } from './bill-of-materials.mjs';
import { BUNDLED_LICENCES, writeBundledLicences } from './bundled-licences.mjs';
import { stageCarriedCli } from './carried-cli.mjs';
import { handOver } from './run-command.mjs';

/**
 * Packages the app: `npm run dist` makes the installers of this system, `npm run dist -- --dir` a folder with the program. `--tested`
 * packages the build that the end-to-end tests drive: into `dist/tested`, with the one fuse enabled that their driver needs.
 *
 * Installers always contain the official Electron. A mere folder may contain any Electron available here.
 */

/** How the tests locate an Electron; not a plain import, because scripts are type-checked apart from the tests. */
const HARNESS = new URL('../e2e/harness/electron-dist.ts', import.meta.url);

/**
 * Returns electron-builder's arguments for the Electron to package.
 * @param {boolean} isFolder
 * @returns {Promise<readonly string[]>}
 */
async function electronArguments(isFolder) {
  if (!isFolder) return [];
  const { resolveElectronDist } = await import(HARNESS.href);
  const answer = await resolveElectronDist(say);
  if ('reason' in answer) {
    say(`no Electron here (${answer.reason}); electron-builder will try by itself`);
    return [];
  }
  say(`packing Electron ${answer.dist.version} from ${answer.dist.source}`);
  return [`-c.electronDist=${answer.dist.folder}`, `-c.electronVersion=${answer.dist.version}`];
}

/** A plain text from the core, for the same reason. */
const LAUNCHER = new URL('../main/core/launcher/launcher-script.ts', import.meta.url);

/**
 * Writes the command that a system package installs in /usr/bin.
 * @param {string} version
 */
async function writeSystemCommand(version) {
  const { launcherScript } = await import(LAUNCHER.href);
  const carried = '/opt/Session Log/resources/cli';
  const program = { node: `${carried}/bin/node`, cli: `${carried}/out/main/cli.js` };
  const file = join(ROOT, 'dist', 'cli', 'session-log');
  writeFileSync(file, launcherScript(program, `part of the package session-log ${version}`));
  chmodSync(file, 0o755);
}

await runPrepared(import.meta.url, async (node) => {
  const given = process.argv.slice(2);
  const isTested = given.includes('--tested');
  const isFolder = isTested || given.includes('--dir');
  await ensureBuild(node);
  const tool = join(ROOT, 'node_modules', 'electron-builder', 'cli.js');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const licences = writeBundledLicences(ROOT, join(ROOT, BUNDLED_LICENCES));
  const shipped = writeBillOfMaterials(ROOT);
  say(
    `packing Session Log ${version} with the licences of ${licences} packages and a bill of materials of ${shipped}`,
  );
  await stageCarriedCli(ROOT, say);
  await writeSystemCommand(version);
  const args = [
    tool,
    ...given.filter((argument) => argument !== '--tested'),
    ...(isTested ? ['--dir', '-c.directories.output=dist/tested'] : []),
    ...(isTested ? ['-c.electronFuses.enableNodeCliInspectArguments=true'] : []),
    '--publish',
    'never',
    ...(await electronArguments(isFolder)),
  ];
  const code = await handOver(node, args, { cwd: ROOT, env: toolEnvironment(node) });
  if (code !== 0 && !isFolder)
    say(
      'installers need the official Electron, which electron-builder downloads; `npm run dist -- --dir` packs the one that is here',
    );
  return code;
});
