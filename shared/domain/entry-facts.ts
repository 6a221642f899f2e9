import type { LogEntry } from './log-entry.ts';
import type { LogName } from './log-name.ts';

/** Who a log belongs to and what it is about, for lists and filters. */
export type EntryFacts = Pick<LogName, 'user' | 'project' | 'client'>;

/**
 * Combines the facts of an entry with those of its path. A word in a file name counts as a person only if the text names an author too
 * (or the entry itself names the user): `2026-01-05-improve-specs.md` has no user.
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

/** The facts an entry stores: only those that its path does not already give. */
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
