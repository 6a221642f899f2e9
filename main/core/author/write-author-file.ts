import { fail, type Answer } from '../../../shared/app-error.ts';
import type { Author } from '../../../shared/domain/author.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { checkAuthor } from './author.ts';
import { inFolder } from '../files/folder-path.ts';
import { readUsersRegistry } from './author-file.ts';
import type { Workspace } from '../workspaces/workspace.ts';

/** Path for `git check-ignore` and the like, relative to the work tree. */
export const IDENTITY_PATH = '.claude/identity.json';

/**
 * Writes identity.json to a work tree without one, for this machine. A linked work tree shares that of its main tree.
 * @returns the file's path; `attention` when users.json lacks the person, or the file exists
 */
export async function writeIdentity(
  files: Files,
  workspace: Workspace,
  given: Author,
  hostname: string,
): Answer<string> {
  const author = checkAuthor(given);
  if (!author.ok) return author;
  const { user, name, email } = author.value;
  const registry = await readUsersRegistry(files, workspace.identityRoots);
  if (!registry.ok) return registry;
  if (registry.value !== null && !registry.value.users.has(user)) {
    const known = [...registry.value.users.keys()].slice(0, 20).join(', ');
    return fail(
      'attention',
      `${registry.value.path} does not know the user "${user}".`,
      `Give a short name it knows (${known}) with --user, or have the person added to users.json.`,
      { details: { user, known: [...registry.value.users.keys()], field: 'author.user' } },
    );
  }
  const path = inFolder(workspace.identityRoots.at(-1) ?? workspace.root, IDENTITY_PATH);
  const identity = { user, full_name: name, ...(email === '' ? {} : { email }), machine: hostname };
  const bytes = new TextEncoder().encode(`${JSON.stringify(identity, null, 2)}\n`);
  const made = await files.create(path, bytes);
  if (!made.ok) return made;
  if (made.value === 'created') return ok(path);
  return fail(
    'attention',
    `${path} is there already.`,
    'Edit it, or remove it and repeat; it was left as it is.',
    {
      details: { path },
    },
  );
}
