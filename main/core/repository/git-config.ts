/** The effective configuration of a repository: every key with its values in order; the last one counts where one is wanted. */
export type GitConfig = ReadonlyMap<string, readonly string[]>;

/** Arguments whose output {@link parseConfig} reads. */
export const CONFIG_ARGS = ['config', '-z', '--list', '--show-scope'] as const;

/**
 * Parses `git config -z --list --show-scope`: scope NUL key LF value NUL, without the LF for a key that has no value and so means
 * true. What was set for this one call (scope `command`) is left out: that is our own doing, not the user's.
 */
export function parseConfig(output: Uint8Array): GitConfig {
  const config = new Map<string, string[]>();
  const fields = new TextDecoder().decode(output).split('\0');
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const entry = fields[at + 1] ?? '';
    if (fields[at] === 'command') continue;
    const cut = entry.indexOf('\n');
    const key = cut === -1 ? entry : entry.slice(0, cut);
    const values = config.get(key) ?? [];
    values.push(cut === -1 ? 'true' : entry.slice(cut + 1));
    config.set(key, values);
  }
  return config;
}

/** The value that counts for a key (section and name in lower case, subsection as written); null when it is not set. */
export function configValue(config: GitConfig, key: string): string | null {
  return config.get(key)?.at(-1) ?? null;
}

/** A setting as git reads a boolean; false when it is not set. */
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
