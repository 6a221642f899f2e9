import type { SearchDeps } from './search-deps.ts';

/**
 * Merges what many small changes have left in the full text, piece by piece, until nothing is left or the time is over. What is left is
 * merged another time, so a failure is nobody's matter here: the next search meets it and says it.
 * @param withinMs milliseconds; the piece that is at work then is ended
 */
export async function mergeTexts(
  { sync, search }: Pick<SearchDeps, 'search'> & { readonly sync: Pick<SearchDeps['sync'], 'clock'> },
  withinMs: number,
): Promise<void> {
  const stop = sync.clock.now() + withinMs;
  while (sync.clock.now() < stop) {
    const more = await search.optimise();
    if (!more.ok || !more.value) return;
  }
}
