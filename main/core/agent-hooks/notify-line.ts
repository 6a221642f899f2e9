import { launcherOf, launcherWords } from '../launcher/launcher-words.ts';
import { hookWords, type FoundHook } from './hook-words.ts';

const EVENT = 'notify';
const WORDS = hookWords('codex', EVENT);
/** Our line as we write it, with its line end; a byte order mark may precede it. */
const OURS = new RegExp(
  `(?<![^\\n\ufeff])notify = \\[((?:"(?:[^"\\\\]|\\\\.)*", )+)${quoted(WORDS.split(' ')).replaceAll('-', '\\-')}\\][ \\t]*(?:\\r?\\n|$)`,
  'm',
);
/** Any setting of that name, in any table: finding out which is not worth a parser. */
const ANY = /(?<![^\n\ufeff])[ \t]*(?:notify|"notify"|'notify')[ \t]*=/m;

/**
 * Adds to Codex's settings (TOML) the program it starts after a turn, as their first line: lines before the first table belong to none, so
 * nothing else needs parsing.
 * @returns null where it starts another program already
 */
export function withNotify(text: string, launcher: string): string | null {
  const line = `notify = [${quoted([...launcherWords(launcher), ...WORDS.split(' ')])}]`;
  const there = OURS.exec(text);
  if (there !== null)
    return (
      text.slice(0, there.index) +
      there[0].replace(/^.*\]/, () => line) +
      text.slice(there.index + there[0].length)
    );
  if (ANY.test(text)) return null;
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  return `${mark}${line}${text.includes('\r\n') ? '\r\n' : '\n'}${text.slice(mark.length)}`;
}

/** Removes our line, wherever it is now, restoring the settings byte for byte. */
export function withoutNotify(text: string): string {
  return text.replace(OURS, '');
}

/** Our line, as the command it starts. */
export function findNotify(text: string): readonly FoundHook[] {
  const there = OURS.exec(text);
  if (there === null) return [];
  const words = JSON.parse(`[${there[1]?.replace(/, $/, '') ?? ''}]`) as string[];
  return [{ event: EVENT, command: `${launcherOf(words, false)} ${WORDS}` }];
}

function quoted(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(', ');
}
