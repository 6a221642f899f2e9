/**
 * Formats a program and its fixed arguments as the start of a command line for Claude Code's hook shell: `sh`, on Windows Git's. There
 * paths take forward slashes, because the shell would drop backslashes.
 * @param argv absolute paths first, e.g. node and the CLI's file
 */
export function launcherOf(argv: readonly string[], windows: boolean): string {
  return argv.map((word) => quoteWord(windows ? word.replaceAll('\\', '/') : word)).join(' ');
}

/** Splits a launcher into words, to check that its programs exist. */
export function launcherWords(command: string): readonly string[] {
  const words: string[] = [];
  for (const match of command.matchAll(/(?:'[^']*'|\\.|"[^"]*"|[^\s'"\\])+/g)) {
    words.push(
      match[0].replaceAll(/'([^']*)'|\\(.)|"([^"]*)"/g, (_, single, escaped, double) =>
        String(single ?? escaped ?? double ?? ''),
      ),
    );
  }
  return words;
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
