import { joinBytes } from '../../../shared/join-bytes.ts';
import { secretLabel } from '../../../shared/secrets/withhold.ts';
import { encodeLog, encodingOf } from '../../../shared/domain/decode-log.ts';
import type { KeptValue } from './kept-values.ts';

/**
 * Puts withheld values back in the place of their labels. A value whose label does not stand where it stood is left out: the log is another
 * by now.
 * @param values sorted by where their labels stand
 * @param host of the labels
 */
export async function* putBack(
  chunks: AsyncIterable<Uint8Array>,
  values: readonly KeptValue[],
  host: string,
): AsyncGenerator<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const whole = joinBytes(parts);
  const encoding = encodingOf(whole);
  let at = 0;
  for (const { kind, at: place, value } of values) {
    const label = encodeLog(secretLabel(kind, host), encoding);
    if (place < at || !isThere(whole, place, label)) continue;
    yield whole.subarray(at, place);
    yield Uint8Array.from(value, (character) => character.charCodeAt(0));
    at = place + label.length;
  }
  yield whole.subarray(at);
}

function isThere(bytes: Uint8Array, at: number, label: Uint8Array): boolean {
  return label.every((byte, nth) => bytes[at + nth] === byte);
}
