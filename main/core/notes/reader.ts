import type { AppError, Answer } from '../../../shared/app-error.ts';
import { knownAuthor, type Author } from '../../../shared/domain/author.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { readIdentity } from '../author/author-file.ts';
import { findWorkspace } from '../workspaces/workspace.ts';

/** A reader on this machine. */
export interface Reader {
  /** Short name, used in receipts. */
  readonly user: string;
  readonly fullName: string | null;
}

/** Addressee of notes for everybody. */
const EVERYBODY = 'all';

/** What settings and system say about the reader here. */
export interface KnownReaders {
  /** `git.workspaces` of the settings. */
  readonly workspaces: readonly string[];
  /** `author` of the settings. */
  readonly author: Author;
  /** The system's user name. */
  readonly systemUser: string;
}

/** Collects what settings and system say about the reader. */
export function knownReaders(
  { author, git }: Pick<Settings, 'author' | 'git'>,
  systemUser: string,
): KnownReaders {
  return { author, workspaces: git.workspaces, systemUser };
}

/**
 * Finds this folder's reader: the identity of the work tree around it, else the data folder's author, else the identity of a registered
 * work tree, else the system's user, so that notes also reach machines that only use the store.
 * @returns `corrupt` or `attention` when the identity in the work tree around `cwd` is unusable: guessing would show one person's notes to
 * another
 */
export async function findReader(files: Files, cwd: string, known: KnownReaders): Answer<Reader> {
  const here = await identifiedReader(files, cwd);
  if (!here.ok || here.value !== null) return here as Result<Reader, AppError>;
  const author = knownAuthor(known.author);
  if (author !== null) return ok({ user: author.user, fullName: author.name });
  for (const folder of known.workspaces) {
    const there = await identifiedReader(files, folder);
    if (!there.ok || there.value !== null) return there as Result<Reader, AppError>;
  }
  return ok({ user: known.systemUser, fullName: null });
}

/** The person in the identity of the work tree around a folder; null without a tree or a name. */
async function identifiedReader(files: Files, folder: string): Answer<Reader | null> {
  const workspace = await findWorkspace(files, folder);
  if (!workspace.ok || workspace.value === null) return workspace.ok ? ok(null) : workspace;
  const identity = await readIdentity(files, workspace.value);
  if (identity.ok) return ok({ user: identity.value.user, fullName: identity.value.fullName });
  return identity.error.code === 'not-configured' ? ok(null) : identity;
}

/**
 * True when a note's addressee means this reader: the user, the full name or `all`, in any case, alone or in a list
 * ("Mike and Howard", "Mike, Howard", "Mike & Howard", "mike/howard").
 */
export function addressedTo(to: string, reader: Reader): boolean {
  const mine = [reader.user, reader.fullName ?? '', EVERYBODY].map(foldName).filter((name) => name !== '');
  if (mine.includes(foldName(to))) return true;
  return to.split(/\s*[,;&/+]\s*|\s+and\s+/i).some((part) => mine.includes(foldName(part)));
}

/** Whether a note's author is this reader. */
export function writtenBy(from: string, reader: Reader): boolean {
  return [reader.user, reader.fullName ?? ''].some(
    (name) => name !== '' && foldName(name) === foldName(from),
  );
}

/** Whether a note names this reader and not only everybody. */
export function addressedByName(to: string, reader: Reader): boolean {
  return addressedTo(to, reader) && foldName(to) !== EVERYBODY;
}

/** Names for comparison: ignores case and white space. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** The key of note and reader in `Inbox.doneElsewhere`. */
export function donePair(hash: string, reader: Reader): string {
  return `${hash} ${reader.user}`;
}
