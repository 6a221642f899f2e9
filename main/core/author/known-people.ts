import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { inFolder } from '../files/folder-path.ts';
import { readUsersRegistry } from './author-file.ts';
import { parseJsonObject } from '../files/json-file.ts';
import { userSlug } from '../../../shared/domain/topic-slug.ts';

/** Lifetime of the cache, in milliseconds: a run that describes a thousand logs reads the disk once. */
const BELIEVED_MS = 60_000;
/** A slower disk, in milliseconds, is not waited for. */
const PATIENCE_MS = 500;

export interface KnownPeopleParts {
  readonly files: Pick<Files, 'read' | 'answers'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Roots of the listed workspaces, absolute. */
  readonly roots: () => Promise<readonly string[]>;
  /** Short names from this data folder: its author. */
  readonly authors: () => Promise<readonly string[]>;
}

/**
 * Collects known people: everybody in users.json and identity.json of the registered workspaces, and the author of this data folder. Skips
 * unreadable files.
 * @returns short names as `userSlug` makes them, cached for a minute
 */
export function createKnownPeople(parts: KnownPeopleParts): () => Promise<ReadonlySet<string>> {
  let asked: { readonly at: number; readonly people: Promise<ReadonlySet<string>> } | null = null;
  return () => {
    const now = parts.clock.now();
    if (asked === null || Math.abs(now - asked.at) > BELIEVED_MS)
      asked = { at: now, people: readPeople(parts) };
    return asked.people;
  };
}

async function readPeople({ files, roots, authors }: KnownPeopleParts): Promise<ReadonlySet<string>> {
  const named = await Promise.all(
    (await roots()).map(async (root) =>
      (await files.answers(root, PATIENCE_MS)) ? peopleOf(files, root) : [],
    ),
  );
  const people = [...named.flat(), ...(await authors())].map(userSlug);
  return new Set(people.filter((name) => name !== ''));
}

async function peopleOf(files: Pick<Files, 'read'>, root: string): Promise<readonly string[]> {
  const registry = await readUsersRegistry(files, [root]);
  const path = inFolder(root, '.claude', 'identity.json');
  const read = await files.read(path);
  const identity = read.ok && read.value !== null ? parseJsonObject(read.value, path) : null;
  const user = identity?.ok ? identity.value['user'] : null;
  return [
    ...(registry.ok && registry.value !== null ? registry.value.users.keys() : []),
    ...(typeof user === 'string' ? [user] : []),
  ];
}
