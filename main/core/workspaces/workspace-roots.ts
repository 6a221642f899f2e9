import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { folderPath, nameOf } from '../files/folder-path.ts';

/** A listed workspace. */
export interface WorkspaceRoot {
  /** Absolute, `/`-separated. */
  readonly root: string;
  /** The folder's name. */
  readonly name: string;
  /** Its stand-in where the index names a machine: derived from the path, so a moved workspace is another one. */
  readonly machine: MachineUuid;
}

/**
 * The listed workspaces: the registered ones, the vault, and those a command works in.
 * @param git of the settings
 * @param more further roots, absolute: the one around the current folder
 * @param sha256 of the UTF-8 form, lower-case hexadecimal
 */
export function workspaceRoots(
  git: Pick<Settings['git'], 'workspaces' | 'vault'>,
  more: readonly string[],
  sha256: (text: string) => string,
): readonly WorkspaceRoot[] {
  const roots = [...git.workspaces, git.vault, ...more].filter((root) => root !== '').map(folderPath);
  return [...new Set(roots)].map((root) => ({
    root,
    name: nameOf(root) || root,
    machine: workspaceUuid(root, sha256),
  }));
}

function workspaceUuid(root: string, sha256: (text: string) => string): MachineUuid {
  const digest = sha256(`session-log workspace\n${root}`);
  const parts = [8, 4, 4, 4, 12];
  let at = 0;
  return parts.map((length) => digest.slice(at, (at += length))).join('-') as MachineUuid;
}
