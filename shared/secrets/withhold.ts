import { joinBytes } from '../join-bytes.ts';
import { encodeLog, encodingOf } from '../domain/decode-log.ts';
import type { Finding } from './finding.ts';

/** The position of a value in a log's bytes, and the label that replaces it in what leaves. */
export interface Withheld {
  readonly start: number;
  readonly end: number;
  readonly label: Uint8Array;
}

/** Maximum characters of the host name in a label. */
const LONGEST_HOST = 60;

/**
 * Returns the replacement for a withheld value: `[secret: aws access key, kept on mara-mbp]`.
 * @param host name of the machine that stores it
 */
export function secretLabel(kind: string, host: string): string {
  return `[secret: ${kind}, kept on ${labelHost(host)}]`;
}

/** The name of a machine as used in labels. */
export function labelHost(host: string): string {
  return host.replaceAll(/[^\w. -]/g, '-').slice(0, LONGEST_HOST);
}

/** A label in a text: what it stands for, and the machine that stores the value; without one it is in the agent's transcript. */
const LABEL = /\[secret: ([^\],\n]{1,80}), kept (?:on ([\w. -]{1,60})|in the transcript)\]/g;

/** A label in a text. */
export interface SecretLabel {
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  /** Null for a value that only an agent's transcript contains. */
  readonly host: string | null;
}

/** The labels of a text, in order. */
export function labelsIn(text: string): readonly SecretLabel[] {
  return Array.from(text.matchAll(LABEL), ({ 0: label, 1: kind = '', 2: host = null, index }) => ({
    start: index,
    end: index + label.length,
    kind,
    host,
  }));
}

/** Returns the labels for findings, in the encoding of the log. */
export function withheldOf(bytes: Uint8Array, found: readonly Finding[], host: string): readonly Withheld[] {
  const encoding = encodingOf(bytes);
  return found.map(({ start, end, kind }) => ({
    start,
    end,
    label: encodeLog(secretLabel(kind, host), encoding),
  }));
}

/** Replaces the values in the bytes by their labels. */
export function withhold(bytes: Uint8Array, withheld: readonly Withheld[]): Uint8Array<ArrayBuffer> {
  return joinBytes([...cutAround(bytes, 0, withheld)]);
}

/** Like {@link withhold}, for a stream of bytes. */
export async function* withholdFrom(
  chunks: AsyncIterable<Uint8Array>,
  withheld: readonly Withheld[],
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const chunk of chunks) {
    yield* cutAround(chunk, offset, withheld);
    offset += chunk.length;
  }
}

/** The parts of a chunk at `offset` outside values, and the label of each value that begins in it. */
function* cutAround(chunk: Uint8Array, offset: number, withheld: readonly Withheld[]): Generator<Uint8Array> {
  let at = 0;
  for (let next = firstBehind(withheld, offset); next < withheld.length; next++) {
    const { start, end, label } = withheld[next] as Withheld;
    if (start >= offset + chunk.length) break;
    if (start - offset > at) yield chunk.subarray(at, start - offset);
    if (start >= offset) yield label;
    at = Math.min(chunk.length, end - offset);
  }
  if (at < chunk.length) yield chunk.subarray(at);
}

/** The first that ends after an offset: they are sorted. */
function firstBehind(withheld: readonly Withheld[], offset: number): number {
  let [low, high] = [0, withheld.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((withheld[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
