import { forTerminalLine } from '../../../shared/domain/terminal-text.ts';

/** `scheme://user:secret@`: everything up to the last `@` before the path, because a secret may hold an `@` itself. */
const URL_USER = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/'"<>]*@/gi;
const BEARER = /\b(authorization:\s*\S+|bearer|private-token:|x-access-token:)\s*[^\s'"]+/gi;
/** Parameters that carry a secret in the address itself. */
const URL_TOKEN = /([?&](?:access_token|private_token|token|key|sig|signature|password)=)[^\s&'"]+/gi;
/** Forms that the large hosts give their tokens, wherever they stand. */
const KNOWN_TOKEN =
  /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|ATATT[\w=-]{16,}|ya29\.[\w-]{16,})/g;

/** Takes credentials out of what git says: its messages quote addresses, and addresses may hold a password. */
export function redact(text: string): string {
  return text
    .replaceAll(URL_USER, '$1***@')
    .replaceAll(URL_TOKEN, '$1***')
    .replaceAll(BEARER, '***')
    .replaceAll(KNOWN_TOKEN, '***');
}

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
  const clean = forTerminalLine(redact(found));
  return clean.length > LINE_LIMIT ? `${clean.slice(0, LINE_LIMIT)}…` : clean;
}
