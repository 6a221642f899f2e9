import { encodingOf } from '../../../shared/domain/decode-log.ts';
import { labelHost, labelsIn, type SecretLabel, type Withheld } from '../../../shared/secrets/withhold.ts';
import type { KeptValue } from './kept-values.ts';

/** For a kept value whose label has no known place. */
export const NO_PLACE = -1;

/** Finds the labels in a log's bytes, with their offsets. */
export function labelsOfBytes(bytes: Uint8Array): readonly SecretLabel[] {
  const encoding = encodingOf(bytes);
  // One character per byte: labels are ASCII, whatever is around them.
  if (encoding === 'utf-8') return labelsIn(new TextDecoder('latin1').decode(bytes));
  // Two bytes per character, after the byte order mark's two.
  return labelsIn(new TextDecoder(encoding).decode(bytes)).map((label) => ({
    ...label,
    start: 2 + label.start * 2,
    end: 2 + label.end * 2,
  }));
}

/**
 * The values that a label may stand for: one where its place tells, else all of its kind that the file has had. Logs are edited, so a label
 * may have moved.
 * @param labels of the whole file; null where only a part is available
 * @param host this machine's name
 * @returns empty when none of it is kept here
 */
export function valuesBehind(
  label: SecretLabel,
  kept: readonly KeptValue[],
  labels: readonly SecretLabel[] | null,
  host: string,
): readonly KeptValue[] {
  if (label.host !== labelHost(host)) return [];
  const values = kept.filter(({ kind }) => kind === label.kind);
  const placed = values.filter(({ at }) => at !== NO_PLACE);
  if (labels !== null) {
    const same = labels.filter((one) => one.kind === label.kind && one.host === label.host);
    const there = placed.find(({ at }) => at === label.start) ?? null;
    const inOrder = same.length === placed.length ? placed[same.indexOf(label)] : null;
    const sure = there ?? inOrder ?? null;
    if (sure !== null) return [sure];
  }
  return values.filter(({ value }, nth) => values.findIndex((one) => one.value === value) === nth);
}

/** An offset after replacements before it. */
export function placeAfter(at: number, replaced: readonly Withheld[]): number {
  if (at === NO_PLACE) return at;
  return replaced
    .filter(({ start }) => start < at)
    .reduce((place, { start, end, label }) => place + label.length - (end - start), at);
}
