import { oneLine } from './log-text/headings.ts';

/** Who writes logs on this machine (setting `author`); used wherever a workspace has no identity.json. */
export interface Author {
  /** Short name, as in file names and notes; empty until it is set. */
  readonly user: string;
  /** Full name; empty until it is set. */
  readonly name: string;
  /** Empty when it should not be used. */
  readonly email: string;
}

export type AuthorField = keyof Author;

/** A name that fits in file names, notes and the User block unchanged. */
const USER = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,62}$/u;
const EMAIL = /^[^\s<>@]{1,64}@[^\s<>@]{1,189}$/;
const NAME_LIMIT = 128;

/** Describes what is wrong with a field, in words that follow its name ("must be …"); null when it is valid. An empty value is valid. */
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

/** Returns the author once both names are set; null otherwise. */
export function knownAuthor(author: Author): Author | null {
  return author.user !== '' && author.name !== '' ? author : null;
}

/**
 * Proposes a short name for a full one: its first word in lower case, without accents (`Zoë Lindqvist` → `zoe`).
 * @returns `''` when nothing in it is usable
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
