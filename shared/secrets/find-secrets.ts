import { findBlocks } from './find-blocks.ts';
import { findInCommands } from './find-in-commands.ts';
import { findEncoded } from './find-encoded.ts';
import { findFormats } from './find-formats.ts';
import { findNamed } from './find-named.ts';
import { findUnknown } from './find-unknown.ts';
import { findUrls } from './find-urls.ts';
import { runsOf } from './runs.ts';
import type { CountTokens, Finding } from './finding.ts';

/** One of our labels: the replacement for a withheld value. */
export const LABEL = /\[secret: [^[\]\r\n]{1,120}\]/g;

/**
 * Finds the secrets in a text: by vendor formats, as private keys, in addresses, after names, in base64, and finally as random strings near
 * words about credentials. Deterministic on every machine, and linear in the text's length.
 * @param countTokens the number of language tokens in a string
 * @returns sorted, without overlaps
 */
export function findSecrets(text: string, countTokens: CountTokens): Finding[] {
  const runs = runsOf(text, 20);
  const certain = [...findBlocks(text), ...findFormats(text, runs), ...findUrls(text, countTokens)];
  const encoded = findEncoded(text, runs, (plain) => [
    ...findBlocks(plain),
    ...findFormats(plain, runsOf(plain, 20)),
    ...findUrls(plain, countTokens),
    ...findNamed(plain, countTokens),
  ]);
  return apart(text, [
    ...certain,
    ...encoded,
    ...findNamed(text, countTokens),
    ...findInCommands(text),
    ...findUnknown(text, runs, countTokens),
  ]);
}

/** Of two overlapping findings the more certain stays, extended to cover both. Our labels contain none. */
function apart(text: string, found: readonly Finding[]): Finding[] {
  if (found.length === 0) return [];
  const labels = [...text.matchAll(LABEL)].map(
    ({ index, 0: label }) => [index, index + label.length] as const,
  );
  const sorted = [...found].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Finding[] = [];
  let label = 0;
  for (const finding of sorted) {
    while (label < labels.length && (labels[label]?.[1] ?? 0) <= finding.start) label++;
    if ((labels[label]?.[0] ?? Infinity) < finding.end) continue;
    const last = kept.at(-1);
    if (last === undefined || last.end <= finding.start) {
      kept.push(finding);
      continue;
    }
    const surer = RANK[finding.rule] < RANK[last.rule] ? finding : last;
    kept[kept.length - 1] = { ...surer, start: last.start, end: Math.max(last.end, finding.end) };
  }
  return kept;
}

const RANK: Readonly<Record<Finding['rule'], number>> = {
  block: 0,
  format: 1,
  url: 2,
  encoded: 3,
  named: 4,
  unknown: 5,
};
