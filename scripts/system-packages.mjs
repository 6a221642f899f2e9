import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { runCommand } from './run-command.mjs';

/**
 * What the end-to-end checks need from a Debian or Ubuntu system. Each entry is one package; the names after the
 * first are its names in other releases. `for` lists the test stages that cannot run without it.
 * @typedef {{ names: readonly string[], for: readonly string[] }} SystemPackage
 * @type {readonly SystemPackage[]}
 */
export const TEST_PACKAGES = [
  { names: ['git'], for: ['unit', 'cli', 'gates', 'electron', 'web'] },
  { names: ['xvfb'], for: ['electron'] },
  { names: ['dbus-daemon', 'dbus'], for: ['electron'] },
  { names: ['libgtk-3-0', 'libgtk-3-0t64'], for: ['electron'] },
  { names: ['libnss3'], for: ['electron'] },
  { names: ['libasound2', 'libasound2t64'], for: ['electron'] },
  { names: ['libgbm1'], for: ['electron'] },
  { names: ['libxss1'], for: ['electron'] },
  { names: ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'], for: ['electron'] },
  // Electron loads it by name when it shows a notification; nothing else requires it.
  { names: ['libnotify4'], for: ['electron'] },
  { names: ['chromium-headless-shell', 'chromium'], for: ['web'] },
  { names: ['fonts-dejavu-core', 'fonts-dejavu'], for: ['electron', 'web'] },
];

/**
 * Finds the packages that are not installed.
 * @param {readonly SystemPackage[]} packages
 * @param {ReadonlySet<string>} installed names
 * @returns {SystemPackage[]}
 */
export function missingPackages(packages, installed) {
  return packages.filter(({ names }) => !names.some((name) => installed.has(name)));
}

/**
 * Parses the installed ones from the output of `dpkg-query -W -f '${Package} ${db:Status-Status}\n'` prints.
 * @param {string} text
 * @returns {Set<string>}
 */
export function parseInstalled(text) {
  return new Set(
    text
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, status]) => status === 'installed')
      .map(([name]) => name ?? ''),
  );
}

/**
 * Asks dpkg which of the names are installed.
 * @param {readonly SystemPackage[]} packages
 * @returns {Set<string>}
 */
function installedPackages(packages) {
  const names = packages.flatMap((wanted) => wanted.names);
  // It exits with 1 when a name is unknown to it, but still prints the others.
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...names], {
    encoding: 'utf8',
  });
  return parseInstalled(query.stdout ?? '');
}

/**
 * Returns the names apt could install now.
 * @param {readonly string[]} names
 * @returns {Set<string>}
 */
function installableNames(names) {
  const known = names.filter((name) => {
    const show = spawnSync('apt-cache', ['show', '--no-all-versions', name], { encoding: 'utf8' });
    return show.status === 0 && /^Filename:/m.test(show.stdout);
  });
  return new Set(known);
}

/**
 * Ensures the system packages that the stages need. Never fails: unavailable packages are returned, and the stages
 * that need them are skipped with that reason.
 * @param {object} options
 * @param {readonly string[]} options.stages names of the stages that will run
 * @param {string} options.root absolute path of the repository
 * @param {(line: string) => void} options.say
 * @returns {Promise<Map<string, string>>} stage -> why it cannot run
 */
export async function ensureTestPackages({ stages, root, say }) {
  // On other systems whoever runs the tests installs them; a missing one then fails under its own name.
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return new Map();
  const wanted = TEST_PACKAGES.filter((entry) => entry.for.some((stage) => stages.includes(stage)));
  let missing = missingPackages(wanted, installedPackages(wanted));
  if (missing.length === 0) return new Map();
  const first = missing.map(({ names }) => names[0]).join(' ');
  if (process.getuid?.() !== 0) {
    say(`not installed, and only root can: apt-get install ${first}`);
  } else {
    say(`system packages: installing ${first}`);
    await installPackages(missing, root, say);
    missing = missingPackages(wanted, installedPackages(wanted));
  }
  return reasonsByStage(missing, stages);
}

/**
 * @param {readonly SystemPackage[]} missing
 * @param {string} root
 * @param {(line: string) => void} say
 */
async function installPackages(missing, root, say) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @type {import('./run-command.mjs').CommandOptions} */
  const quiet = { cwd: root, env, show: 'none', deadlineMs: 300_000 };
  const update = await runCommand('apt-get', ['update', '-q'], quiet);
  if (update.code !== 0) say(`apt-get update failed: ${lastLine(update.tail)}`);
  const installable = installableNames(missing.flatMap(({ names }) => names));
  const names = missing.flatMap((entry) => entry.names.find((name) => installable.has(name)) ?? []);
  if (names.length === 0) return;
  const install = await runCommand(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', ...names],
    quiet,
  );
  if (install.code !== 0) say(`apt-get install failed: ${lastLine(install.tail)}`);
}

/**
 * Converts missing packages to one reason per stage that needs them.
 * @param {readonly SystemPackage[]} missing
 * @param {readonly string[]} stages
 * @returns {Map<string, string>}
 */
export function reasonsByStage(missing, stages) {
  /** @type {Map<string, string>} */
  const reasons = new Map();
  for (const stage of stages) {
    const names = missing.filter((entry) => entry.for.includes(stage)).map((entry) => entry.names[0]);
    if (names.length > 0) reasons.set(stage, `system packages not installed: ${names.join(', ')}`);
  }
  return reasons;
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}
