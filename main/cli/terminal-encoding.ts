import { toAscii } from '../../shared/domain/terminal-text.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * True when what reads our output takes UTF-8. On POSIX the locale says it. On Windows a console gets Unicode from Node, but a pipe (Git's
 * shell, an agent) is read in a code page that shows such bytes as `?` or worse, unless a UTF-8 locale is set.
 * @param terminal true when standard output is a terminal
 */
export function takesUtf8(env: Env, platform: NodeJS.Platform, terminal: boolean): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (/utf-?8/i.test(locale)) return true;
  if (platform === 'win32') return terminal;
  // macOS programs started outside a terminal have no locale, and everything there is UTF-8.
  return platform === 'darwin' && locale === '';
}

/** Text for people on standard output of this process; in ASCII where nothing else can be shown. Never for JSON. */
export function forPeople(text: string, env: Env): string {
  // Asked only where it matters: making the stream takes milliseconds.
  const terminal = process.platform === 'win32' && process.stdout.isTTY;
  return takesUtf8(env, process.platform, terminal) ? text : toAscii(text);
}
