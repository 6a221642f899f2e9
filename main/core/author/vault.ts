/**
 * The vault of a workspace: the named one, else the setting `git.vault`, else `vault_path` of its identity.json.
 * @param named absolute; `''` for none, undefined if unspecified
 * @param setting `git.vault`; `''` for none
 * @param vaultPath of identity.json; null if absent
 * @returns null when there is none
 */
export function vaultOf(named: string | undefined, setting: string, vaultPath: string | null): string | null {
  return (named ?? (setting || vaultPath)) || null;
}
