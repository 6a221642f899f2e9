import { headingWords } from './heading-words.ts';
import { oneLine } from './headings.ts';

/** The addressee of a note. */
export interface NoteHeading {
  /** As written after "for", without a trailing subject. */
  readonly to: string;
  readonly kind: 'note' | 'message';
}

const ADDRESSEE_LIMIT = 100;
const COULD_BE = /(?:note|message) for /i;
const NOTE_HEADING = /^(note|message) for (\S.*)$/i;
/** Addressees that are not a colleague: nobody could be notified. */
const NOBODY =
  /^(?:the |my |our )?(?:next|future|following|upcoming|later|tomorrow|reference|maintenance)\b/i;
const SUBJECT = /\s+[-\u2013\u2014]+\s|:\s|\s\(/;
const NEARLY =
  /^(?:(?:a |an |the |my )?(?:quick |short |important )?(?:notes?|messages?|memos?|msg)\s*(?:for|to)|(?:notiz|nachricht|hinweis) (?:für|an)|nota para|note pour|poznámka pre|poznámka pro|správa pre|заметка для|сообщение для)\s+@?(?=\p{L})/iu;

/** Returns the addressee of a note's heading: `Mike`, `all`, `Mike Swanson`; null when it is not a note. */
export function readNoteHeading(title: string): NoteHeading | null {
  if (!COULD_BE.test(title)) return null;
  const match = NOTE_HEADING.exec(headingWords(title));
  if (!match) return null;
  const [addressee] = (match[2] ?? '').split(SUBJECT, 1);
  const to = oneLine((addressee ?? '').replaceAll(/[*_`@]+/g, '').replace(/[\s:.,;]+$/, ''), ADDRESSEE_LIMIT);
  if (to === '' || NOBODY.test(to)) return null;
  return { to, kind: match[1]?.toLowerCase() === 'note' ? 'note' : 'message' };
}

/**
 * True for words probably meant as a note's heading although nobody will be notified: "Notes for Mara", "A message to Mara".
 * @param words of a heading or of a line that is entirely bold
 */
export function isNearlyNote(words: string): boolean {
  const plain = headingWords(words);
  const meant = NEARLY.exec(plain);
  return meant !== null && !NOBODY.test(plain.slice(meant[0].length)) && readNoteHeading(words) === null;
}
