import { findFormats } from './find-formats.ts';
import type { Finding } from './finding.ts';
import { runsOf } from './runs.ts';

/** Topics of logs are words joined by dashes: without a longer piece than this, nothing is checked. */
const LONG_PIECE = /[0-9A-Za-z_]{16}/;

/** A path safe to show: a token in it is replaced by `…`. */
export function nameWithoutSecrets(path: string): string {
  return secretsInName(path).reduceRight(
    (name, { start, end }) => `${name.slice(0, start)}…${name.slice(end)}`,
    path,
  );
}

/**
 * Finds tokens in a log's path. Only those with a format of their own: a name has no context that mentions secrets. The store and git show
 * a log by its path, so it cannot be labelled.
 */
export function secretsInName(path: string): readonly Finding[] {
  return LONG_PIECE.test(path) ? findFormats(path, runsOf(path, 20)) : [];
}
