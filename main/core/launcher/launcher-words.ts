/**
 * Writes a program and its fixed arguments as the start of a command line for the shell that Claude Code runs hooks in: `sh`, on Windows
 * that of Git. There paths take forward slashes, because the shell would eat backslashes.
 * @param argv absolute paths first, e.g. node and the CLI's file
 */
export function launcherOf(argv: readonly string[], windows: boolean): string {
  return argv.map((word) => quoteWord(windows ? word.replaceAll('\\', '/') : word)).join(' ');
}

/** The words of a launcher again; for asking whether its programs still exist. */
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
