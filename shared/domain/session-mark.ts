import { type AppError, fail } from '../app-error.ts';
import { quote } from './ids.ts';
import { ok, type Result } from '../result.ts';

/**
 * The comment that records which session wrote a part of a log, when, and from which text: `<!-- session-log: session=… saved=…
 * text=… -->`. The first one of a log names its owner. It is in the file, not only in our state, because the file is what
 * travels: a second clone, a new disk or a deleted `state/` must still know the log's owner.
 */
export interface SessionMark {
  readonly session: string;
  /** Local time with offset, see `ZonedTime.local`. */
  readonly saved: string;
  /** First 16 hexadecimal digits of the SHA-256 of the input text: the same text is never saved twice. */
  readonly text: string;
}

/** Bounded, so that a hostile line full of openings costs no more than its length times this. */
const MARK = /<!-- session-log: ([\x20-\x7e]{1,500}?) -->/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const SESSION_ID = /^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}$/;

/** Validates a session id: up to 128 letters, digits and `._:@+-`, as agents create them. */
export function parseSessionId(text: string): Result<string, AppError> {
  if (SESSION_ID.test(text)) return ok(text);
  return fail(
    'invalid-input',
    `${quote(text)} is not a session id.`,
    'Use 1 to 128 letters, digits and . _ : @ + - without spaces, e.g. the id your agent shows.',
  );
}

/** Formats the comment, one line without its line break. */
export function formatMark(mark: SessionMark): string {
  return `<!-- session-log: session=${mark.session} saved=${mark.saved} text=${mark.text} -->`;
}

/** Returns the first mark of a text (or of its first kilobytes); null when it has none. */
export function firstMark(text: string): SessionMark | null {
  const match = MARK.exec(text);
  return match ? readMark(match[1] ?? '') : null;
}

/** Finds the mark under which a session already saved a text; null when it did not. */
export function findMark(text: string, wanted: Pick<SessionMark, 'session' | 'text'>): SessionMark | null {
  // Most logs do not contain it; this avoids checking every mark.
  if (!text.includes(`text=${wanted.text} -->`)) return null;
  for (const match of text.matchAll(new RegExp(MARK, 'g'))) {
    const mark = readMark(match[1] ?? '');
    if (mark?.session === wanted.session && mark.text === wanted.text) return mark;
  }
  return null;
}

/** Removes marks from a writer's text: those pasted from an older log would make false claims. */
export function withoutMarks(text: string): string {
  return text.replaceAll(new RegExp(`${MARK.source}\\n?`, 'g'), '');
}

/**
 * Returns a text for reading: without the marks outside code fences. A mark on its own line takes the line with it, and one of the two
 * empty lines that would become adjacent.
 */
export function hideMarks(text: string): string {
  if (!MARK.test(text)) return text;
  const shown: string[] = [];
  let fence: string | null = null;
  let dropped = false;
  for (const line of text.split('\n')) {
    const [, marks] = FENCE.exec(line) ?? [];
    const inFence = fence !== null;
    if (fence === null) fence = marks ?? null;
    else if (marks?.startsWith(fence) && line.trim() === marks) fence = null;
    const rest: string = inFence || !MARK.test(line) ? line : line.replaceAll(new RegExp(MARK, 'g'), '');
    const isMark = rest !== line && rest.trim() === '';
    const doubles = dropped && rest.trim() === '' && shown.at(-1)?.trim() === '';
    dropped = isMark;
    if (!isMark && !doubles) shown.push(rest);
  }
  return shown.join('\n');
}

function readMark(body: string): SessionMark | null {
  const values = new Map(body.split(' ').map((part) => part.split('=', 2) as [string, string | undefined]));
  const get = (key: string): string => values.get(key) ?? '';
  const session = get('session');
  if (!SESSION_ID.test(session)) return null;
  return { session, saved: get('saved'), text: get('text') };
}
