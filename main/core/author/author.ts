import { type AppError, fail } from '../../../shared/app-error.ts';
import {
  authorProblem,
  knownAuthor,
  proposeUser,
  type Author,
  type AuthorField,
} from '../../../shared/domain/author.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Git } from '../ports/git.ts';
import type { SettingsStore } from '../ports/settings-store.ts';

const FIELDS = [
  ['name', 'The full name'],
  ['user', 'The short name'],
  ['email', 'The e-mail address'],
] as const satisfies readonly (readonly [AuthorField, string])[];

/**
 * Validates an author given by a person: `invalid-input` with `details.field` (`author.user`, …) when a part is invalid or a name is
 * missing.
 */
export function checkAuthor(author: Author): Result<Author, AppError> {
  for (const [field, title] of FIELDS) {
    const value = author[field].trim();
    const missing = value === '' && field !== 'email' ? 'is missing' : null;
    const problem = missing ?? authorProblem(field, value);
    if (problem !== null)
      return fail('invalid-input', `${title} ${problem}.`, 'Correct it and repeat; nothing was changed.', {
        details: { field: `author.${field}` },
      });
  }
  return ok({ user: author.user.trim(), name: author.name.trim(), email: author.email.trim() });
}

/**
 * Writes this machine's author to the settings of the data folder.
 * @returns the previous author, or null
 */
export function setAuthor(
  store: SettingsStore,
  author: Author,
): Result<{ readonly author: Author; readonly before: Author | null }, AppError> {
  const checked = checkAuthor(author);
  if (!checked.ok) return checked;
  const present = store.get();
  if (!present.ok) return present;
  const saved = store.set({ ...present.value, author: checked.value }, present.value);
  return saved.ok ? ok({ author: checked.value, before: knownAuthor(present.value.author) }) : saved;
}

/**
 * Returns git's facts about the person, to be proposed and never used unasked. Unknown or unusable fields are empty.
 * @param folder where to ask: a repository may have its own name
 */
export async function proposeAuthor(git: Git, folder: string): Promise<Author> {
  const ask = async (key: string): Promise<string> => {
    const call = { cwd: folder, args: ['config', '--get', key], reads: true, accept: [1], deadlineMs: 5_000 };
    const answer = await git.run(call);
    return answer.ok ? new TextDecoder().decode(answer.value.stdout).trim() : '';
  };
  const [name, email] = await Promise.all([ask('user.name'), ask('user.email')]);
  const usable = authorProblem('name', name) === null ? name : '';
  return {
    name: usable,
    user: proposeUser(usable),
    email: authorProblem('email', email) === null ? email : '',
  };
}

/** The command that sets an author, ready to copy. */
export function setAuthorCommand(author: Author): string {
  const words = ['session-log whoami --set', quoted(author.name === '' ? 'Full Name' : author.name)];
  if (author.user !== '') words.push('--user', author.user);
  if (author.email !== '') words.push('--email', author.email);
  return words.join(' ');
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["$`\\]/g, '\\$&')}"`;
}
