import { plainWords } from '../../../../shared/format/plain-words.ts';
import { visibleLine, visibleText } from '../../../../shared/format/visible-text.ts';
import { en } from '../../../../shared/i18n/en.ts';
import type { InboxNote, Notice } from '../../../../shared/ipc/payloads.ts';
import type { Losses } from '../news.ts';
import { AT_RISK_DAYS } from '../../../../shared/transcripts/countdown.ts';
import { hashOf } from '../../../../shared/ipc/route.ts';
import type { AttentionAnswer, AttentionItem } from '../../../../shared/ipc/status.ts';

/** More are announced as one: a pull after a holiday must not fill the screen. */
const MOST = 3;
const MOST_LETTERS = 280;

/** A notification's text and the target of a click on it. */
export interface Announcement extends Notice {
  readonly route: string;
}

/**
 * Returns the announcements of new notes, oldest first. Their text is a person's, only ever displayed.
 * @param self this machine's UUID, used for notes received by git; null while unknown
 */
export function noteAnnouncements(notes: readonly InboxNote[], self: string | null): readonly Announcement[] {
  return someOf(
    notes,
    (note) => ({
      id: note.hash,
      tone: 'info',
      title: titleOf(note, self),
      body: cut(visibleLine(plainWords(note.text))),
      // A fetch for notes brings no log into the work tree: such a note opens as itself.
      route:
        note.machine === self
          ? hashOf({ view: 'notes', note: note.hash })
          : hashOf({ view: 'logs', log: note.log, line: note.line }),
    }),
    (rest, last) => ({
      id: `more-${last.hash}`,
      tone: 'info',
      title: en.desktop.moreNotes(rest),
      body: en.desktop.moreNotesBody,
      route: hashOf({ view: 'notes' }),
    }),
  );
}

/** Names who wrote a note, and where it came from: git knows its commit, the store its machine. */
function titleOf({ from, host, machine, commit, newSender = false }: InboxNote, self: string | null): string {
  const name = visibleLine(from);
  if (commit !== undefined) return en.desktop.noteCommitted(name, visibleLine(commit.author));
  // An older note that came by git has this machine.
  return en.desktop.noteTitle(name, machine === self ? null : visibleLine(host), newSender);
}

/** Announcements of problems that need a person, oldest first. */
export function problemAnnouncements(items: readonly AttentionItem[]): readonly Announcement[] {
  return someOf(
    items,
    (item) => ({
      id: `problem-${item.id}`.slice(0, 200),
      tone: 'warning',
      title: en.sync.attentionKinds[item.kind],
      body: cut(visibleText(item.error.message).trim()),
      route: routeOfProblem(item),
    }),
    (rest) => ({
      id: 'more-problems',
      tone: 'warning',
      title: en.desktop.moreProblems(rest),
      body: en.desktop.moreProblemsBody,
      route: hashOf({ view: 'sync' }),
    }),
  );
}

/** Announces that sessions nobody has kept are about to be deleted. */
export function lossAnnouncement({ sessions, days }: Losses): Announcement {
  return {
    id: 'losses',
    tone: 'warning',
    title: en.desktop.lossTitle(sessions, AT_RISK_DAYS),
    body: en.desktop.lossBody(days),
    route: hashOf({ view: 'sessions', atRisk: true }),
  };
}

/** Answers that are no decision: the item's own page helps more than a button for these. */
const NO_DECISION: ReadonlySet<AttentionAnswer> = new Set(['retry', 'dismiss']);

/** Where a problem can be answered: beside its buttons when there is a decision, else where it is fixed. */
export function routeOfProblem({ answers, route }: Pick<AttentionItem, 'answers' | 'route'>): string {
  const isDecision = answers.some((answer) => !NO_DECISION.has(answer));
  return isDecision || route === null ? hashOf({ view: 'sync' }) : route;
}

function someOf<T>(
  all: readonly T[],
  one: (item: T) => Announcement,
  more: (count: number, last: T) => Announcement,
): readonly Announcement[] {
  const last = all.at(-1);
  if (last === undefined || all.length <= MOST) return all.map(one);
  return [...all.slice(0, MOST - 1).map(one), more(all.length - MOST + 1, last)];
}

function cut(text: string): string {
  const letters = Array.from(text);
  return letters.length <= MOST_LETTERS ? text : `${letters.slice(0, MOST_LETTERS - 1).join('')}…`;
}
