import type { LogId } from '../../../shared/domain/ids.ts';
import type { SearchHit, SearchRung } from '../../../shared/domain/search-answer.ts';

/** A row of the hit list: a hit, or a further session of its log unfolded under it. */
export interface HitRow {
  readonly id: LogId;
  readonly hit: SearchHit;
  /** Index in {@link SearchHit.more}; null for the hit itself. */
  readonly more: number | null;
  /** True for a hit whose further sessions are shown. */
  readonly open: boolean;
}

/** Consecutive hits of one rung. */
export interface HitSection {
  readonly key: string;
  readonly rung: SearchRung;
  readonly count: number;
}

/**
 * Lays out hits as rows under the names of their rungs.
 * @param open logs whose further sessions are shown
 */
export function layOutHits(
  hits: readonly SearchHit[],
  open: ReadonlySet<LogId>,
): { readonly rows: readonly HitRow[]; readonly sections: readonly HitSection[] } {
  const rows: HitRow[] = [];
  const sections: { key: string; rung: SearchRung; count: number }[] = [];
  for (const hit of hits) {
    const isOpen = hit.more.length > 0 && open.has(hit.id);
    const own: HitRow[] = [{ id: hit.id, hit, more: null, open: isOpen }];
    if (isOpen) for (const [more, { id }] of hit.more.entries()) own.push({ id, hit, more, open: false });
    rows.push(...own);
    const last = sections.at(-1);
    if (last?.rung === hit.rung) last.count += own.length;
    else sections.push({ key: `${sections.length} ${hit.rung}`, rung: hit.rung, count: own.length });
  }
  return { rows, sections };
}

/** The highlighted words of a hit's lines, each once, for highlighting them in the reader. */
export function markedWords({ snippets }: Pick<SearchHit, 'snippets'>): readonly string[] {
  const words = snippets.flatMap(({ text, marks }) => marks.map(([start, end]) => text.slice(start, end)));
  return [...new Set(words.map((word) => word.toLowerCase()))];
}

/** The words of a query, as typed: without fields, operators and exclusions. */
export function typedWords(text: string): readonly string[] {
  const pieces = text.matchAll(/(-?)([A-Za-z]{2,12}:(?!:|\/\/))?(?:"([^"]*)(?:"|$)|(\S+))/g);
  return [...pieces].flatMap(([, minus, field, quoted, plain = '']) => {
    if (minus !== '' || field !== undefined || plain === 'OR') return [];
    return [(quoted ?? plain).replace(/\*$/, '')].filter((word) => word !== '');
  });
}
