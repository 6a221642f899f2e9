import { findFormats } from './find-formats.ts';
import type { Finding } from './finding.ts';
import { runsOf } from './runs.ts';

/** Topics of logs are words with dashes between them: what has no longer piece than this is looked at no further. */
const LONG_PIECE = /[0-9A-Za-z_]{16}/;

/** A path as it may be shown: a token in it gives way to `…`. */
export function nameWithoutSecrets(path: string): string {
  return secretsInName(path).reduceRight(
    (name, { start, end }) => `${name.slice(0, start)}…${name.slice(end)}`,
    path,
  );
}

/**
 * The tokens in the path of a log. Only those with a form of their own: a name has nothing around it that speaks of secrets. A path is what the
 * store and git show of a log, so that it cannot be given a label.
 */
export function secretsInName(path: string): readonly Finding[] {
  return LONG_PIECE.test(path) ? findFormats(path, runsOf(path, 20)) : [];
}
