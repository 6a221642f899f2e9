import { hideCredentials } from '../../../shared/domain/hide-credentials.ts';
import { forTerminalLine } from '../../../shared/domain/terminal-text.ts';

const LINE_LIMIT = 300;

/**
 * Returns the line of git's output that explains the failure, fit for a message: without credentials, on one line, at most 300
 * characters. Empty when git printed nothing.
 */
export function decisiveLine(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:hint|warning|remote):/.test(line));
  const found =
    lines.find(
      (line) => /^(?:fatal|ERROR):/.test(line) && !/remote end hung up|from remote repository/.test(line),
    ) ??
    lines.find((line) => line.startsWith('error:')) ??
    lines.find((line) => line.startsWith('fatal:')) ??
    lastSentence(lines);
  const clean = forTerminalLine(hideCredentials(found));
  return clean.length > LINE_LIMIT ? `${clean.slice(0, LINE_LIMIT)}…` : clean;
}

/** The last line; a path alone means nothing without the sentence it was listed under. */
function lastSentence(lines: readonly string[]): string {
  const last = lines.at(-1) ?? '';
  return lines.length > 1 && !/\s/.test(last) ? `${lines[0]} … ${last}` : last;
}

/** A server's lines that only report transfer progress. */
const PROGRESS = /^(?:(?:Enumerating|Counting|Compressing|Resolving|Writing|Total|Processing)\b.*|[-=*\s]*)$/;

/**
 * Returns the server's message (git's lines that begin with `remote:`), on one line of at most 300 characters; empty when there is
 * none.
 */
export function serverWords(stderr: string): string {
  const words = stderr
    .split(/[\r\n]+/)
    .flatMap((line) => /^\s*remote: ?(.*)$/.exec(line)?.[1]?.trim() ?? [])
    .filter((line) => !PROGRESS.test(line));
  if (words.length === 0) return '';
  const clean = forTerminalLine(hideCredentials(words.join(' ')));
  return `the server says: ${clean.length > LINE_LIMIT ? `${clean.slice(0, LINE_LIMIT)}…` : clean}`;
}
