import { findDays } from './find-day.ts';

const LEADING = /^session[ _-]?log(?![\p{L}\p{N}])[\s:|.\u2010-\u2015-]*/iu;

/**
 * A title without the words that every log begins with: `Session Log — 2026-06-05: DNS move` is "DNS move". Stays whole when nothing would be
 * left, or only a day.
 */
export function plainTitle(title: string | null): string | null {
  if (title === null || !LEADING.test(title)) return title;
  const rest = title.replace(LEADING, '');
  const [found] = findDays(rest);
  const words = found?.start === 0 ? rest.slice(found.end).replace(/^[\s:|,.\u2010-\u2015-]+/, '') : rest;
  return /[\p{L}]/u.test(words) ? words : title;
}
