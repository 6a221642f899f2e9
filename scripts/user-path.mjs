import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Adds the folder of the carried command to the user's path, or removes it: on Windows, where the installer and the uninstaller run this
 * with the carried Node. The value is read and written unexpanded, because `%USERPROFILE%` in it must be preserved, and passed as base64,
 * because consoles there use other encodings. In any doubt the path is left as it is.
 */

/**
 * @param {string} path value of the user's `Path`, `;`-separated
 * @param {string} folder
 */
export function withFolder(path, folder) {
  if (path.split(';').some((entry) => isSame(entry, folder))) return path;
  return path === '' || path.endsWith(';') ? `${path}${folder}` : `${path};${folder}`;
}

/**
 * @param {string} path
 * @param {string} folder
 */
export function withoutFolder(path, folder) {
  return path
    .split(';')
    .filter((entry) => !isSame(entry, folder))
    .join(';');
}

/**
 * Windows compares paths case-insensitively, and an entry may be quoted or end with a backslash.
 * @param {string} entry
 * @param {string} folder
 */
function isSame(entry, folder) {
  /** @param {string} path */
  const plain = (path) =>
    path
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replace(/[\\/]+$/, '')
      .toLowerCase();
  return plain(entry) === plain(folder);
}

/** Prints the value as base64 of UTF-8; `-` if the registry has none. */
const READ = `
$value = (Get-Item 'HKCU:\\Environment').GetValue('Path', $null, 'DoNotExpandEnvironmentNames')
if ($null -eq $value) { '-' } else { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($value)) }`;

/** @param {string} value */
const write = (value) => `
$value = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${Buffer.from(value).toString('base64')}'))
Set-ItemProperty -Path 'HKCU:\\Environment' -Name 'Path' -Value $value -Type ExpandString`;

/**
 * Changes the user's path.
 * @param {'add' | 'remove'} what
 * @param {string} folder
 * @param {(script: string) => string} powershell runs a script and returns its output
 * @returns {boolean} whether anything was changed
 */
export function changeUserPath(what, folder, powershell) {
  const printed = powershell(READ).trim();
  if (!/^(?:-|[A-Za-z0-9+/]*=*)$/.test(printed)) throw new Error('The user’s path could not be read.');
  const before = printed === '-' ? '' : Buffer.from(printed, 'base64').toString('utf8');
  const after = what === 'add' ? withFolder(before, folder) : withoutFolder(before, folder);
  if (after === before) return false;
  powershell(write(after));
  return true;
}

/** @param {string} script */
function runPowershell(script) {
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  const args = ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
  return execFileSync('powershell.exe', args, { encoding: 'utf8', timeout: 60_000, windowsHide: true });
}

const [, script, what, folder] = process.argv;
if (script !== undefined && resolve(script) === fileURLToPath(import.meta.url)) {
  if ((what !== 'add' && what !== 'remove') || !folder) process.exitCode = 64;
  else changeUserPath(what, folder, runPowershell);
}
