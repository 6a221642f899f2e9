import type { Finding } from './finding.ts';

/** Characters that are looked at in one piece, and how far a piece looks back and ahead, so that nothing is lost at an edge. */
export const [PIECE, BACK, AHEAD] = [1024 * 1024, 4 * 1024, 64 * 1024];

/**
 * What of the findings around a piece begins in it, so that each is had once. Pieces begin at fixed places: what is added at the end of a text
 * changes nothing before.
 * @param found by their offsets behind `from`, where the look began
 * @param at where the piece begins
 * @param last where the last finding of the pieces before ends
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
