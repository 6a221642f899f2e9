import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyPackageFiles, copyProductionPackages, emptyFolder, writeCommand } from './carried-files.mjs';
import { CARRIED_NODES, copyCarriedNode } from './carried-node.mjs';
import { npmCommand, runCommand } from './run-command.mjs';

/**
 * The command line that the packaged app carries beside its archive, because the app's own fuses prevent running it as plain Node: the
 * files of the npm package, the packages with native code, and a Node.
 */

/**
 * Returns what is carried for a platform: the folder in dist/cli, and its target machines. An app for two kinds of Mac carries both, since
 * one folder must serve it.
 * @param {NodeJS.Platform} platform
 * @param {string} arch of the packaging machine
 * @returns {{ folder: string, targets: string[] }[]}
 */
export function carriedFor(platform, arch) {
  if (platform === 'darwin') return [{ folder: 'mac', targets: ['darwin-x64', 'darwin-arm64'] }];
  if (platform === 'win32') return [{ folder: 'win', targets: ['win32-x64'] }];
  return [{ folder: `linux-${arch}`, targets: [`linux-${arch}`] }];
}

/**
 * Assembles the carried command line in dist/cli, which electron-builder reads.
 * @param {string} root absolute path of the repository, built
 * @param {(line: string) => void} say
 * @param {{ platform: NodeJS.Platform, arch: string }} machine the packaging machine
 * @throws Error when a part is unavailable
 */
export async function stageCarriedCli(root, say, machine = process) {
  for (const { folder, targets } of carriedFor(machine.platform, machine.arch)) {
    const place = join(root, 'dist', 'cli', folder, 'cli');
    emptyFolder(place);
    copyPackageFiles(root, place);
    for (const target of targets) {
      const node = CARRIED_NODES[target];
      if (node === undefined) throw new Error(`There is no Node to carry for ${target}.`);
      const name = machine.platform === 'win32' ? 'node.exe' : targets.length > 1 ? nodeFor(target) : 'node';
      const licence = join(place, 'licences', `${node.name}-${node.version}.txt`);
      await copyCarriedNode(root, node, join(place, 'bin', name), licence, say);
      const tree = await productionTree(root, target, say);
      const packages = copyProductionPackages(root, tree, place);
      say(`the command line for ${target}: Node ${node.version}, ${packages.join(', ')}`);
    }
    writeCommand(place, machine.platform);
  }
}

/** @param {string} target such as `darwin-arm64` */
function nodeFor(target) {
  return `node-${target.slice(target.indexOf('-') + 1)}`;
}

/**
 * The folder whose `node_modules` has the production packages for a target: the repository itself, or one created by npm from the lock
 * file, which verifies every package.
 * @param {string} root
 * @param {string} target
 * @param {(line: string) => void} say
 */
async function productionTree(root, target, say) {
  if (target === `${process.platform}-${process.arch}`) return root;
  const tree = join(root, 'dist', 'packages', target);
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(root, file), join(tree, file));
  say(`getting the packages with native code for ${target}`);
  const [os = '', cpu = ''] = target.split('-');
  const npm = npmCommand();
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const args = [...npm.args, 'ci', ...flags, `--os=${os}`, `--cpu=${cpu}`];
  const { code, tail } = await runCommand(npm.command, args, { cwd: tree, env: npm.env, show: 'none' });
  if (code !== 0) throw new Error(`npm ci for ${target} ended with ${code}: ${tail}`);
  return tree;
}
