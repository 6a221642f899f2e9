/** What a glob is made of: `**` any folders, `*` and `?` within a name, `{a,b}` one of several. */
const PARTS = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|[{]/g;

/**
 * Says of a log, by its path, whether it never leaves this machine. Projects and clients are folders (`projects/acme/**`), so a glob names
 * them too.
 * @param globs of the setting `sync.stayHere`, over paths below `session-logs/`; one that ends with `/` means all that lies below
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
