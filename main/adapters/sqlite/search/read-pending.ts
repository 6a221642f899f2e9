import { hash } from 'node:crypto';
import { foldText } from '../../../../shared/domain/fold-text.ts';
import type { CalendarDate } from '../../../../shared/domain/ids.ts';
import type { PendingItem, PendingSection } from '../../../../shared/domain/log-text/pending-tasks.ts';
import { lineInText, type Stretch } from '../../../../shared/domain/log-text/stretches.ts';
import { TASK_ID } from '../../../../shared/domain/marks.ts';

/** A task as stored in the database. */
export type StoredTask = readonly [
  id: string,
  line: number,
  done: 0 | 1,
  text: string,
  group: string | null,
  readLine: number,
];

/** The list of tasks of one full-text row, and what assigns it to a thread. */
export interface PendingRow {
  /** When it was saved, epoch milliseconds; midnight of its day if the log does not say. */
  readonly moment: number;
  readonly person: string;
  /** Project, else client, folded. */
  readonly place: string;
  readonly topic: string | null;
  readonly session: string | null;
  /** Among copies of one list: a log of its own before a part, local ones before those from elsewhere. */
  readonly rank: number;
  readonly open: number;
  readonly tasks: readonly StoredTask[];
}

/** What identifies the thread of a list. */
export interface PendingFacts {
  readonly person: string | null;
  readonly place: string | null;
  readonly topic: string | null;
  readonly session: string | null;
  /** Of the log: the only distinction if it has neither topic nor session. */
  readonly path: string;
  readonly day: CalendarDate;
  /** When the session was first saved, epoch milliseconds. */
  readonly time: number | null;
  readonly isPart: boolean;
  /** True for the text of a pack, and of a cached log. */
  readonly isElsewhere: boolean;
  /** Maps the lines of the text that opens to the file; null if it is the file. */
  readonly stretches: readonly Stretch[] | null;
  /** Later times come from a clock that is ahead, and count as their day. */
  readonly latest: number;
}

/**
 * Returns the list of tasks among a log's sections: that of its latest save; sections below the same mark are one list.
 * @param sections in file order
 * @returns null if none of them says anything
 */
export function readPending(sections: readonly PendingSection[], facts: PendingFacts): PendingRow | null {
  const last = sections.at(-1);
  if (last === undefined) return null;
  const person = foldName(facts.person);
  const place = foldName(facts.place);
  const topic = facts.topic === null ? null : foldName(facts.topic);
  const thread = JSON.stringify([person, place, topic ?? facts.session ?? facts.path]);
  const tasks = new Map<string, StoredTask>();
  for (const { part, tasks: items } of sections)
    if (part === last.part)
      for (const item of items) {
        const readLine = facts.stretches === null ? item.line : lineInText(facts.stretches, item.line);
        const task = storedTask(thread, item, readLine);
        tasks.set(task[0], task);
      }
  const list = [...tasks.values()];
  const midnight = Date.parse(`${facts.day}T00:00:00Z`);
  const said = last.saved ?? facts.time ?? midnight;
  return {
    moment: said <= facts.latest ? said : midnight,
    rank: (facts.isPart ? 2 : 0) + (facts.isElsewhere ? 1 : 0),
    person,
    place,
    topic,
    session: facts.session,
    open: list.filter(([, , done]) => done === 0).length,
    tasks: list,
  };
}

/** Punctuation, case and Markdown do not make the same words another task. */
function storedTask(thread: string, { line, text, done, group }: PendingItem, readLine: number): StoredTask {
  const words = foldText(text).match(/[a-z0-9\u0080-\uffff]+/g) ?? [];
  const id = hash('sha256', `${thread}\n${words.join(' ')}`).slice(0, TASK_ID);
  return [id, line, done ? 1 : 0, text, group, readLine];
}

/** Normalizes a name for comparison: any case, any white space. */
export function foldName(name: string | null): string {
  return (name ?? '').normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
