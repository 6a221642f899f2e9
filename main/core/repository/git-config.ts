import { addTo } from '../../../shared/group-by.ts';
/** The effective configuration of a repository: every key with its values in order; the last one wins. */
export type GitConfig = ReadonlyMap<string, readonly string[]>;

/** Arguments whose output {@link parseConfig} reads. */
export const CONFIG_ARGS = ['config', '-z', '--list', '--show-scope'] as const;

/**
 * Parses `git config -z --list --show-scope`: scope NUL key LF value NUL, without the LF for a key without a value, which means true. Skips
 * settings of this call (scope `command`): they are ours, not the user's.
 */
export function parseConfig(output: Uint8Array): GitConfig {
  const config = new Map<string, string[]>();
  const fields = new TextDecoder().decode(output).split('\0');
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const entry = fields[at + 1] ?? '';
    if (fields[at] === 'command') continue;
    const cut = entry.indexOf('\n');
    if (cut === -1) addTo(config, entry, 'true');
    else addTo(config, entry.slice(0, cut), entry.slice(cut + 1));
  }
  return config;
}

/** The effective value of a key (section and name in lower case, subsection as written); null when unset. */
export function configValue(config: GitConfig, key: string): string | null {
  return config.get(key)?.at(-1) ?? null;
}

/** A setting as git parses a boolean; false when unset. */
export function configFlag(config: GitConfig, key: string): boolean {
  return /^(?:true|yes|on|[1-9]\d*)$/i.test(configValue(config, key) ?? '');
}

/** Names of the configured remotes. */
export function remotesOf(config: GitConfig): readonly string[] {
  const names = new Set<string>();
  for (const key of config.keys()) {
    const name = /^remote\.(.+)\.(?:url|pushurl)$/.exec(key)?.[1];
    if (name !== undefined) names.add(name);
  }
  return [...names];
}
