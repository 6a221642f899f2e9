import type { LogId } from '../../../shared/domain/ids.ts';
import type { SearchHit, SearchRung } from '../../../shared/domain/search-answer.ts';

/** A row of the list of hits: a hit, or a further session of its log that was unfolded under it. */
export interface HitRow {
  readonly id: LogId;
  readonly hit: SearchHit;
  /** Which of {@link SearchHit.more}; null for the hit itself. */
  readonly more: number | null;
  /** True for a hit whose further sessions are shown. */
  readonly open: boolean;
}

/** Hits of one rung that follow each other. */
export interface HitSection {
  readonly key: string;
  readonly rung: SearchRung;
  readonly count: number;
}

/**
 * Lays hits out as rows under the names of their rungs.
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

/** The words of a hit that are marked in its lines, each once, for marking them where it is read. */
export function markedWords({ snippets }: Pick<SearchHit, 'snippets'>): readonly string[] {
  const words = snippets.flatMap(({ text, marks }) => marks.map(([start, end]) => text.slice(start, end)));
  return [...new Set(words.map((word) => word.toLowerCase()))];
}

/** The words that a question asks for, as typed: without fields, operators and what is to be left out. */
export function typedWords(text: string): readonly string[] {
  const pieces = text.matchAll(/(-?)([A-Za-z]{2,12}:(?!:|\/\/))?(?:"([^"]*)(?:"|$)|(\S+))/g);
  return [...pieces].flatMap(([, minus, field, quoted, plain = '']) => {
    if (minus !== '' || field !== undefined || plain === 'OR') return [];
    return [(quoted ?? plain).replace(/\*$/, '')].filter((word) => word !== '');
  });
}
