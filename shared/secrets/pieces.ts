import type { Finding } from './finding.ts';

/** Characters scanned as one piece, and its overlap backwards and ahead, so that nothing is lost at an edge. */
export const [PIECE, BACK, AHEAD] = [1024 * 1024, 4 * 1024, 64 * 1024];

/**
 * The findings around a piece that begin in it, so that each is counted once. Pieces begin at fixed offsets: appending to a text changes
 * nothing before.
 * @param found by their offsets from `from`, where the scan began
 * @param at where the piece begins
 * @param last where the last finding of the previous pieces ends
 */
export function ofPiece(
  found: readonly Finding[],
  from: number,
  at: number,
  last: number,
): readonly Finding[] {
  const own: Finding[] = [];
  let behind = last;
  for (const one of found) {
    const [start, end] = [one.start + from, one.end + from];
    if (start < at || start >= at + PIECE || start < behind) continue;
    own.push({ ...one, start, end });
    behind = end;
  }
  return own;
}
