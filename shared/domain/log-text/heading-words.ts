/**
 * Decorations around the words of a heading: numbers (`3.`, `3)`, `2.1`, `IV.`, `1️⃣`), emoji and other symbols, dashes, a trailing
 * colon or full stop.
 */
const SIGN = String.raw`\p{Extended_Pictographic}\p{So}\p{Sk}\u200d\ufe0e\ufe0f\u20e3#*•·►▶→»>§\s\u2010-\u2015|\-`;
const BEFORE = new RegExp(
  String.raw`^(?:\d\ufe0f?\u20e3|\d{1,3}(?:\.\d{1,3}){0,3}(?:[.):]{1,2}(?=\s|$)|\s?[-\u2013\u2014](?=\s)|(?=\s))|\(\d{1,3}\)|[ivx]{1,5}[.)](?=\s)|[a-z][.)](?=\s)|[${SIGN}])+`,
  'iu',
);
const BEHIND = new RegExp(String.raw`[${SIGN}.:,;!…。：]+$`, 'u');
/** Words without decoration, as in most headings: the patterns above cost more. */
const BARE = /^[A-Za-z]{2,}(?: .*)?[A-Za-z0-9]$/;

/**
 * Returns only the words of a heading, as written: they identify sections and notes.
 * @param title of a `Heading`
 */
export function headingWords(title: string): string {
  if (BARE.test(title)) return title;
  return title.replace(BEFORE, '').replace(BEHIND, '');
}
