import type { Settings } from '../../../shared/domain/settings.ts';
import type { Files } from '../ports/files.ts';
import { chooseWorkspace } from '../workspaces/workspace.ts';
import { readIdentity } from './author-file.ts';

/**
 * The vault of a workspace: the one that was named, else the setting `git.vault`, else `vault_path` of its identity.json.
 * @param named absolute; `''` for none, undefined when nobody said
 * @param setting `git.vault`; `''` for none
 * @param vaultPath of identity.json; null when it names none
 * @returns null when there is none
 */
export function vaultOf(named: string | undefined, setting: string, vaultPath: string | null): string | null {
  return (named ?? (setting || vaultPath)) || null;
}

/** The vaults of the registered workspaces, each once: what an interface lists beside them. Identities that cannot be used name none. */
export async function registeredVaults(
  files: Files,
  { workspaces, vault }: Pick<Settings['git'], 'workspaces' | 'vault'>,
): Promise<readonly string[]> {
  if (vault !== '') return [vault];
  const found = new Set<string>();
  for (const folder of workspaces) {
    const workspace = await chooseWorkspace(files, folder, folder, []);
    const identity = workspace.ok ? await readIdentity(files, workspace.value) : workspace;
    const named = identity.ok ? vaultOf(undefined, vault, identity.value.vaultPath) : null;
    if (named !== null && !workspaces.includes(named)) found.add(named);
  }
  return [...found];
}
