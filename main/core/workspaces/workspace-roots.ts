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
  /** Neither registered nor around the current folder, only used before: once it is gone, nobody misses it. */
  readonly isOnlyUsed?: boolean;
}

/**
 * The listed workspaces: the registered ones, the vault, those a command works in, and those used before.
 * @param git of the settings
 * @param more further roots, absolute: the one around the current folder
 * @param sha256 of the UTF-8 form, lower-case hexadecimal
 * @param used see `usedWorkspaces`
 */
export function workspaceRoots(
  git: Pick<Settings['git'], 'workspaces' | 'vault'>,
  more: readonly string[],
  sha256: (text: string) => string,
  used: readonly string[] = [],
): readonly WorkspaceRoot[] {
  const named = [...git.workspaces, git.vault, ...more].filter((root) => root !== '').map(folderPath);
  return [...new Set([...named, ...used.map(folderPath)])].map((root) => ({
    root,
    name: nameOf(root) || root,
    machine: workspaceUuid(root, sha256),
    isOnlyUsed: !named.includes(root),
  }));
}

function workspaceUuid(root: string, sha256: (text: string) => string): MachineUuid {
  const digest = sha256(`session-log workspace\n${root}`);
  const parts = [8, 4, 4, 4, 12];
  let at = 0;
  return parts.map((length) => digest.slice(at, (at += length))).join('-') as MachineUuid;
}
