import { joinBytes } from '../../../shared/join-bytes.ts';
import { secretLabel } from '../../../shared/secrets/withhold.ts';
import { encodeLog, encodingOf } from '../../../shared/domain/decode-log.ts';
import type { KeptValue } from './kept-values.ts';

/**
 * Replaces labels with their withheld values. Skips a value whose label is no longer at its offset: the log has changed. Holds only one
 * chunk and a label cut off at its end.
 * @param values sorted by label offset
 * @param host of the labels
 */
export async function* putBack(
  chunks: AsyncIterable<Uint8Array>,
  values: readonly KeptValue[],
  host: string,
): AsyncGenerator<Uint8Array> {
  const waiting = values.values();
  let next = waiting.next();
  // Bytes not passed on yet, and their offset in the log.
  let [held, heldAt]: [Uint8Array, number] = [new Uint8Array(), 0];
  let encoding: ReturnType<typeof encodingOf> | null = null;
  const give = function* (isLast: boolean): Generator<Uint8Array> {
    encoding ??= encodingOf(held);
    let given = 0;
    for (; !next.done; next = waiting.next()) {
      const label = encodeLog(secretLabel(next.value.kind, host), encoding);
      const start = next.value.at - heldAt;
      if (!isLast && start + label.length > held.length) break;
      if (start < given || !isThere(held, start, label)) continue;
      if (start > given) yield held.subarray(given, start);
      yield Uint8Array.from(next.value.value, (character) => character.charCodeAt(0));
      given = start + label.length;
    }
    const end = next.done ? held.length : Math.max(given, Math.min(held.length, next.value.at - heldAt));
    if (end > given) yield held.subarray(given, end);
    [held, heldAt] = [held.slice(end), heldAt + end];
  };
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : joinBytes([held, chunk]);
    // The first bytes tell the encoding.
    if (held.length >= 2 || encoding !== null) yield* give(false);
  }
  yield* give(true);
}

function isThere(bytes: Uint8Array, at: number, label: Uint8Array): boolean {
  return label.every((byte, nth) => bytes[at + nth] === byte);
}
