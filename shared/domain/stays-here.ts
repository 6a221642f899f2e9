/** The parts of a glob: `**` any folders, `*` and `?` within a name, `{a,b}` alternatives. */
const PARTS = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|[{]/g;

/**
 * Returns a predicate for the paths of logs that never leave this machine. Projects and clients are folders (`projects/acme/**`), so globs
 * match them too.
 * @param globs of the setting `sync.stayHere`, over paths below `session-logs/`; a trailing `/` means everything below
 */
export function staysHere(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => patternOf(glob.endsWith('/') ? `${glob}**` : glob));
  return (path) => patterns.some((pattern) => pattern.test(path));
}

function patternOf(glob: string): RegExp {
  const parts = (glob.match(PARTS) ?? []).map((part) => {
    if (part === '**/') return '(?:[^/]+/)*';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.startsWith('{') && part.endsWith('}'))
      return `(?:${part.slice(1, -1).split(',').map(escaped).join('|')})`;
    return escaped(part);
  });
  return new RegExp(`^${parts.join('')}$`, 'iu');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^$()[\]{}|\\/]/g, String.raw`\$&`);
}
