import { toAscii } from '../../shared/domain/terminal-text.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * True when the reader of our output accepts UTF-8. On POSIX the locale says so. On Windows a console gets Unicode from Node, but a pipe
 * (Git's shell, an agent) is read in a code page that shows such bytes as `?` or worse, unless a UTF-8 locale is set.
 * @param terminal true when standard output is a terminal
 */
export function takesUtf8(env: Env, platform: NodeJS.Platform, terminal: boolean): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (/utf-?8/i.test(locale)) return true;
  if (platform === 'win32') return terminal;
  // macOS programs started outside a terminal have no locale, and everything there is UTF-8.
  return platform === 'darwin' && locale === '';
}

/** Returns text for people on this process's standard output; in ASCII if nothing else can be shown. Never for JSON. */
export function forPeople(text: string, env: Env): string {
  // Evaluated only when needed: creating the stream takes milliseconds.
  const terminal = process.platform === 'win32' && process.stdout.isTTY;
  return takesUtf8(env, process.platform, terminal) ? text : toAscii(text);
}
