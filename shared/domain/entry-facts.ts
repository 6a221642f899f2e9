import type { LogEntry } from './log-entry.ts';
import type { LogName } from './log-name.ts';

/** Whose a log is and what it is about, as lists and filters use it. */
export type EntryFacts = Pick<LogName, 'user' | 'project' | 'client'>;

/**
 * Puts together what an entry says and what its path says. A word of a file's name is a person only where the text names an author too
 * (or the entry says so itself): `2026-01-05-improve-specs.md` is nobody's.
 */
export function entryFacts(
  entry: Pick<LogEntry, 'author' | 'user' | 'project' | 'client'>,
  name: EntryFacts,
): EntryFacts {
  return {
    user: entry.user === undefined ? (entry.author === null ? null : name.user) : entry.user,
    project: entry.project === undefined ? name.project : entry.project,
    client: entry.client === undefined ? name.client : entry.client,
  };
}

/** The facts as an entry carries them: only those that its path does not say already. */
export function factsToSay(
  facts: EntryFacts,
  author: string | null,
  name: EntryFacts,
): Partial<Pick<LogEntry, 'user' | 'project' | 'client'>> {
  const implied = entryFacts({ author }, name);
  return {
    ...(facts.user === implied.user ? {} : { user: facts.user }),
    ...(facts.project === implied.project ? {} : { project: facts.project }),
    ...(facts.client === implied.client ? {} : { client: facts.client }),
  };
}
