import type { SearchDeps } from './search-deps.ts';

/**
 * Merges the full text's remains of many small changes, piece by piece, until done or out of time. The rest is merged another time, so a
 * failure does not matter here: the next search meets and reports it.
 * @param withinMs milliseconds; the current piece is then finished
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
