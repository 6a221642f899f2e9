import type { Logger } from '../../core/ports/logger.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';
type Sink = (level: Level, line: string) => void;

const MAX_BYTES = 2 * 1024 * 1024;
// What must never reach the app log, whatever its source: credentials in URLs, bearer tokens, private keys, long opaque secrets.
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@'],
  [/\b(?:Bearer|Basic)\s+[\w.~+/=-]+/gi, '***'],
  [/\bya29\.[\w-]+/g, '***'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '***'],
  [/\b(?:gh[pousr]_|glpat-|xox[abp]-|AKIA)[\w-]{10,}/g, '***'],
  [/("?(?:password|secret|token|private_key|refresh_token|client_secret)"?\s*[:=]\s*)"?[^\s",}]+/gi, '$1***'],
];

/**
 * The app log of the CLI and the app, in one rotated file. The logging package is loaded with the first line, because most commands write
 * none.
 * @param file absolute path of the app log
 * @param home the user's home folder, which is never written; null if unknown
 */
export function createFileLogger(file: string, home: string | null): Logger {
  let sink: Promise<Sink> | null = null;
  const write = (level: Level, message: string, facts?: Readonly<Record<string, unknown>>): void => {
    sink ??= openSink(file);
    const line = redact(facts === undefined ? message : `${message} ${JSON.stringify(facts)}`, home);
    // An unwritable app log must not stop the work it records.
    sink.then((put) => put(level, line)).catch(() => undefined);
  };
  return {
    debug: (message, facts) => write('debug', message, facts),
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
  };
}

/** Removes secrets and the user's home folder from a line. */
export function redact(line: string, home: string | null): string {
  const short = home !== null && home.length > 1 ? line.replaceAll(home, '~') : line;
  return SECRETS.reduce((text, [pattern, by]) => text.replace(pattern, by), short);
}

/** A transport that writes nothing, whoever calls it and at whatever level. */
function silent<T extends { level: unknown }>(transport: T): T {
  return Object.assign(() => undefined, transport, { level: false });
}

async function openSink(file: string): Promise<Sink> {
  const { default: log } = await import('electron-log/node.js');
  const written = log.create({ logId: file });
  // The package reports its own failures (a full disk, another user's file) with a stack, on the console of its first instance.
  for (const one of [log, written]) one.transports.console = silent(one.transports.console);
  // Otherwise it looks for a name in a package.json around the working folder, and without one writes nothing.
  written.transports.file.setAppName('session-log');
  written.transports.file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  written.transports.file.resolvePathFn = () => file;
  written.transports.file.maxSize = MAX_BYTES;
  written.transports.file.level = 'info';
  return (level, line) => written[level](line);
}
