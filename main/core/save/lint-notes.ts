import { visitHeadings } from '../../../shared/domain/log-text/headings.ts';
import { isNearlyNote, readNoteHeading } from '../../../shared/domain/log-text/note-heading.ts';

/** A likely note that nobody will be told of. */
export interface MissedNote {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** Longer lines are no headings. */
const LINE_LIMIT = 200;
/** An entirely bold line, or one with heading marks but no space after them. */
const HEADING_LIKE =
  /^\s{0,3}(?:(?:[-*+]\s+)?(\*\*|__)(?<bold>[^*_]{3,120})\1:?|#{1,6}(?<tight>[^#\s].{2,120}))\s*$/;

/** Finds near-misses of note headings: otherwise nobody would tell the writer. */
export function missedNotes(text: string): readonly MissedNote[] {
  const found: MissedNote[] = [];
  visitHeadings(text, 0, 1, {
    heading: ({ level, title, line }) => {
      if (level === 1 && readNoteHeading(title) !== null)
        found.push({ line, message: 'A note needs a heading of level 2 or deeper ("## Note for …").' });
      else if (isNearlyNote(title)) found.push({ line, message: looksLike(title) });
    },
    line: (start, end, line) => {
      if (end - start > LINE_LIMIT) return;
      const { bold, tight } = HEADING_LIKE.exec(text.slice(start, end))?.groups ?? {};
      const words = bold ?? tight;
      if (words !== undefined && (isNearlyNote(words) || readNoteHeading(words) !== null))
        found.push({ line, message: looksLike(words) });
    },
  });
  return found;
}

function looksLike(words: string): string {
  return `"${words.trim().slice(0, 80)}" looks like a note but is none, so nobody is told. Write "## Note for <user>".`;
}
