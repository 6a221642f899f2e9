import { oneLine } from './log-text/headings.ts';

/** Who writes logs on this machine, as a person said it (settings `author`): speaks wherever a workspace has no identity.json. */
export interface Author {
  /** Short name, as in file names and notes; empty while nobody said it. */
  readonly user: string;
  /** Full name; empty while nobody said it. */
  readonly name: string;
  /** Empty when it shall not be used. */
  readonly email: string;
}

export type AuthorField = keyof Author;

/** A name that file names, notes and the User block can carry without any change. */
const USER = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,62}$/u;
const EMAIL = /^[^\s<>@]{1,64}@[^\s<>@]{1,189}$/;
const NAME_LIMIT = 128;

/** What is wrong with one field, in words that follow its name ("must be …"); null when it can be used. Empty is no value and so never wrong. */
export function authorProblem(field: AuthorField, value: string): string | null {
  if (value === '') return null;
  if (field === 'user')
    return USER.test(value)
      ? null
      : 'must be 1 to 63 letters, digits and . _ - without spaces, starting with a letter or digit';
  if (field === 'email') return EMAIL.test(value) ? null : 'must be an e-mail address, or empty';
  return oneLine(value, NAME_LIMIT) === value && !/[<>()]/.test(value)
    ? null
    : `must be one line of at most ${NAME_LIMIT} characters without < > ( )`;
}

/** The author, once both names are there; null while nobody said who writes here. */
export function knownAuthor(author: Author): Author | null {
  return author.user !== '' && author.name !== '' ? author : null;
}

/**
 * A short name to propose for a full one: its first word in lower case, without accents (`Zoë Lindqvist` → `zoe`).
 * @returns `''` when nothing of it can be used
 */
export function proposeUser(name: string): string {
  const word = name
    .slice(0, NAME_LIMIT)
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/([a-z])\p{M}+/gu, '$1')
    .normalize('NFC')
    .split(/[^\p{L}\p{M}\p{N}_]+/u)
    .find((part) => /^[\p{L}\p{N}]/u.test(part));
  return word !== undefined && USER.test(word) ? word : '';
}
