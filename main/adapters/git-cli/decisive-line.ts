import { hideCredentials } from '../../../shared/domain/hide-credentials.ts';
import { forTerminalLine } from '../../../shared/domain/terminal-text.ts';

const LINE_LIMIT = 300;

/**
 * The line of git's output that says what went wrong, fit for a message: without credentials, on one line, not longer than 300
 * characters. Empty when git said nothing.
 */
export function decisiveLine(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:hint|warning):/.test(line));
  const found =
    lines.find(
      (line) => /^(?:fatal|ERROR):/.test(line) && !/remote end hung up|from remote repository/.test(line),
    ) ??
    lines.find((line) => line.startsWith('error:')) ??
    lines.find((line) => line.startsWith('fatal:')) ??
    lines.at(-1) ??
    '';
  const clean = forTerminalLine(hideCredentials(found));
  return clean.length > LINE_LIMIT ? `${clean.slice(0, LINE_LIMIT)}…` : clean;
}
