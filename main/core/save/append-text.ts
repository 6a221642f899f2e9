import { decodeLog, encodeLog, encodingOf } from '../../../shared/domain/decode-log.ts';
import type { Answer } from '../../../shared/app-error.ts';
import { mapOk } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { changeFile } from '../files/change-file.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Appends to a log, see `changeFile`. Old bytes stay unchanged; the new part uses their encoding and line breaks.
 * @param compose returns the text to add, given the file's content; `''` for nothing
 * @param mode permission bits when the file does not exist yet
 * @returns the written text, `''` for none
 */
export async function appendText(
  files: Files,
  path: string,
  mode: number,
  compose: (existing: string | null) => string,
): Answer<string> {
  let addition = '';
  const changed = await changeFile(files, path, mode, (existing) => {
    addition = compose(existing === null ? null : decodeLog(existing));
    if (addition === '') return null;
    return existing === null ? encode(addition) : joinBytes(existing, addition);
  });
  return mapOk(changed, () => addition);
}

/** UTF-8 bytes of a text. */
export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joinBytes(old: Uint8Array, addition: string): Uint8Array {
  const encoding = encodingOf(old);
  const unit = encoding === 'utf-8' ? 1 : 2;
  // The low half of a unit: if it is a line feed or a carriage return, the other half is zero.
  const ends = encoding === 'utf-16le' ? old.subarray(0, old.length - 1) : old;
  const feed = old.indexOf(LINE_FEED);
  const windows = feed >= unit && old[feed - unit] === CARRIAGE_RETURN;
  const gap = old.length === 0 ? '' : ends.at(-1) === LINE_FEED ? '\n' : '\n\n';
  const text = gap + addition;
  const tail = encodeLog(windows ? text.replaceAll('\n', '\r\n') : text, encoding);
  const bytes = new Uint8Array(old.length + tail.length);
  bytes.set(old);
  bytes.set(tail, old.length);
  return bytes;
}
