import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';

const ATTEMPTS = 5;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Appends to a log so that nobody's words are lost: read, compose old + new, look again that the file still holds what was read, replace it as
 * a whole. Against other saves the caller holds the save lock; the second look is for editors, which take no locks.
 * The old bytes stay as they are, whatever their encoding; the new part takes over their line breaks.
 * @param compose the text to add, given what the file holds; `''` for nothing
 * @param mode permission bits when the file does not exist yet
 * @returns what was written, `''` when nothing was; `attention` when the file changes every time it is looked at
 */
export async function appendText(
  files: Files,
  path: string,
  mode: number,
  compose: (existing: string | null) => string,
): Promise<Result<string, AppError>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await files.read(path);
    if (!before.ok) return before;
    const addition = compose(before.value === null ? null : new TextDecoder().decode(before.value));
    if (addition === '') return ok('');
    if (before.value === null) {
      const made = await files.create(path, encode(addition), { mode });
      if (!made.ok) return made;
      if (made.value === 'created') return ok(addition);
      continue;
    }
    const bytes = joinBytes(before.value, addition);
    const facts = await files.stat(path);
    if (!facts.ok) return facts;
    const again = await files.read(path);
    if (!again.ok) return again;
    if (!sameBytes(before.value, again.value)) continue;
    const kept = facts.value === null ? mode : facts.value.mode & 0o777;
    const replaced = await files.replace(path, bytes, { mode: kept });
    return replaced.ok ? ok(addition) : replaced;
  }
  return err(
    appError(
      'attention',
      `${path} is being changed by something else all the time.`,
      'Close the program that writes it and save again.',
      { transient: true, details: { path } },
    ),
  );
}

/** UTF-8 bytes of a text. */
export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joinBytes(old: Uint8Array, addition: string): Uint8Array {
  const feed = old.indexOf(LINE_FEED);
  const windows = feed > 0 && old[feed - 1] === CARRIAGE_RETURN;
  const gap = old.length === 0 ? '' : old.at(-1) === LINE_FEED ? '\n' : '\n\n';
  const text = gap + addition;
  const tail = encode(windows ? text.replaceAll('\n', '\r\n') : text);
  const bytes = new Uint8Array(old.length + tail.length);
  bytes.set(old);
  bytes.set(tail, old.length);
  return bytes;
}

function sameBytes(one: Uint8Array, other: Uint8Array | null): boolean {
  if (other === null || one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
