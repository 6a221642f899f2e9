import { type AppError, fail } from '../app-error.ts';
import { ok, type Result } from '../result.ts';
import { parseMachineUuid, quote, type LogId, type LogPath, type MachineUuid } from './ids.ts';

/** The longest path we write, in UTF-8 bytes. The store allows 1,024 for the whole object name; the prefix needs some of it. */
const MAX_PATH_BYTES = 900;
/** What common file systems allow for one name, minus room for our temporary names. */
const MAX_NAME_BYTES = 230;
// Windows drops spaces before the dot, so `con .md` is also the console.
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\..*)?$/i;
// Characters that Windows rejects in names, plus controls (NUL, CR, LF, and the C1 ones that some terminals obey), line separators
// and lone surrogates, which belong in no name.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029<>:"|?*\\\ud800-\udfff]/u;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

// Letters, digits, dashes and underscores, and no reserved name: matches nearly every log in one test.
const PLAIN =
  /^(?:(?!(?:con|prn|aux|nul|com\d|lpt\d)[/.])[0-9a-z][\w-]*\/)*(?!(?:con|prn|aux|nul|com\d|lpt\d)[/.])[0-9a-z][\w-]*\.md$/i;

const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Describes why a relative path cannot exist on every platform; null when it can. Object names are hostile input: a
 * bucket may legally contain `../x.md`.
 */
export function logPathProblem(path: string): string | null {
  if (path.length <= MAX_NAME_BYTES && PLAIN.test(path)) return null;
  if (path.length === 0) return 'it is empty';
  if (isLonger(path, MAX_PATH_BYTES)) return `it is longer than ${MAX_PATH_BYTES} bytes`;
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return 'it is absolute';
  if (FORBIDDEN.test(path)) return 'it has a character that not every platform can keep';
  if (BIDI.test(path)) return 'it has a character that changes the direction of writing';
  for (const name of path.split('/')) {
    if (name === '') return 'it has an empty folder name';
    if (name === '.' || name === '..') return 'it leaves its folder';
    if (name.startsWith('.')) return 'it is hidden';
    if (name.endsWith('.') || name.endsWith(' ') || name.startsWith(' '))
      return 'a name in it starts or ends with a space, or ends with a dot';
    if (isLonger(name, MAX_NAME_BYTES)) return `a name in it is longer than ${MAX_NAME_BYTES} bytes`;
    if (RESERVED.test(name)) return 'a name in it is reserved on Windows';
  }
  return null;
}

/** Parses the relative path of a log: safe on every platform, and a `.md` file. */
export function parseLogPath(path: unknown): Result<LogPath, AppError> {
  const problem =
    typeof path === 'string'
      ? (logPathProblem(path) ?? (/\.md$/i.test(path) ? null : 'it is not a Markdown file'))
      : 'it is not text';
  if (problem === null) return ok(path as LogPath);
  return fail(
    'invalid-input',
    `${quote(path)} is refused as the name of a log: ${problem}.`,
    'Rename the file; a log is a `.md` file with a plain name.',
  );
}

/** What a {@link LogId} refers to. */
export interface ParsedLogId {
  readonly machine: MachineUuid;
  readonly path: LogPath;
  /** Id of one session inside a daily log; null for the log as a whole. */
  readonly part: string | null;
  readonly id: LogId;
}

const PART = /^(.+\.md)#([A-Za-z0-9][A-Za-z0-9._:@+-]{0,127})$/i;

/** Splits `<machine-uuid>/<relative path>`, or `<machine-uuid>/<path of a daily log>#<session id>`. */
export function parseLogId(id: unknown): Result<ParsedLogId, AppError> {
  const text = typeof id === 'string' ? id : '';
  const cut = text.indexOf('/');
  const machine = parseMachineUuid(text.slice(0, Math.max(0, cut)));
  if (!machine.ok) return machine;
  const rest = text.slice(cut + 1);
  const whole = parseLogPath(rest);
  if (whole.ok) return ok(idOf(machine.value, whole.value, null));
  const inside = PART.exec(rest);
  if (inside === null) return whole;
  const path = parseLogPath(inside[1]);
  return path.ok ? ok(idOf(machine.value, path.value, inside[2] ?? null)) : path;
}

function idOf(machine: MachineUuid, path: LogPath, part: string | null): ParsedLogId {
  return { machine, path, part, id: partId(`${machine}/${path}` as LogId, part) };
}

/** Builds the id of one session inside a daily log; the log's own id for null. */
export function partId(log: LogId, part: string | null): LogId {
  return (part === null ? log : `${log}#${part}`) as LogId;
}

/**
 * Folds a path to the form that must be unique within a folder: some file systems fold case (APFS, NTFS) or normalize
 * (HFS+), so `Ä.md` written two ways is one file there and two here.
 */
export function foldPath(path: string): string {
  // Same result for ASCII names at a fraction of the cost: a pull folds all names of a team.
  if (ASCII.test(path)) return path.toLowerCase();
  // Upper case first: lower case alone keeps apart what upper case joins (both Greek sigmas, long s, sharp s).
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** Most names are too short to need counting. */
function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && utf8Length(text) > bytes;
}

/** Length of the UTF-8 form, in bytes. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
