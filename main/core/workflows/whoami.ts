import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { chooseHome, type AuthorPlace, type CalledFrom } from '../save/choose-home.ts';
import { checkHost, sameHost, type Identity } from '../author/author-file.ts';
import { renderUserBlock } from '../save/user-block.ts';

/** Who signs logs saved from a folder of this machine. */
export interface Whoami extends Pick<Identity, 'user' | 'fullName' | 'email' | 'role' | 'machine' | 'path'> {
  /** The source: identity.json of a work tree, or the author in the data folder's settings. */
  readonly source: 'workspace' | 'data-folder';
  /** Root of the work tree; null for the data folder. */
  readonly workspace: string | null;
  /** The User block, Markdown. */
  readonly block: string;
  readonly warnings: readonly string[];
}

/**
 * Builds the User block from identity.json and users.json alone, or from the author of the data folder, as {@link chooseHome} decides for a
 * save.
 * @returns `attention` when identity.json was written for another host; its block is then in `details.block`, to be viewed only
 */
export async function whoami(files: Files, place: AuthorPlace, from: CalledFrom): Answer<Whoami> {
  const chosen = await chooseHome(files, place, from);
  if (!chosen.ok) return chosen;
  const { identity, home } = chosen.value;
  const block = renderUserBlock(identity);
  const host = checkHost(identity, place.hostname);
  if (!host.ok) {
    const { code, message, remedy, details } = host.error;
    return fail(code, message, remedy, { details: { ...details, block } });
  }
  const machines = identity.registry?.users.get(identity.user)?.machines ?? [];
  const listed = machines.length === 0 || machines.some((name) => sameHost(name, identity.machine));
  const { user, fullName, email, role, machine, path } = identity;
  return ok({
    user,
    fullName,
    email,
    role,
    machine,
    path,
    source: home.kind,
    workspace: home.kind === 'workspace' ? home.root : null,
    block,
    warnings: listed
      ? chosen.value.warnings
      : [`users.json does not list "${machine}" among ${user}'s known_machines; add it there.`],
  });
}
