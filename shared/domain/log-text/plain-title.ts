import { findDays } from './find-day.ts';

const LEADING = /^session[ _-]?log(?![\p{L}\p{N}])[\s:|.\u2010-\u2015-]*/iu;

/**
 * Removes the words every log begins with from a title: `Session Log — 2026-06-05: DNS move` becomes "DNS move". Unchanged when nothing, or
 * only a day, would be left.
 */
export function plainTitle(title: string | null): string | null {
  if (title === null || !LEADING.test(title)) return title;
  const rest = title.replace(LEADING, '');
  const [found] = findDays(rest);
  const words = found?.start === 0 ? rest.slice(found.end).replace(/^[\s:|,.\u2010-\u2015-]+/, '') : rest;
  return /[\p{L}]/u.test(words) ? words : title;
}
