import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { folderPath } from '../files/folder-path.ts';
import { locateRepo } from '../repository/repo.ts';
import type { Files } from '../ports/files.ts';
import type { Git } from '../ports/git.ts';

const LOCATE_MS = 20_000;

/**
 * The top of the work tree around a folder, as git names it.
 * @returns `not-found` when there is no such folder, `attention` when no work tree is around it
 */
export async function findWorkTree(
  { files, git }: { readonly files: Files; readonly git: Git },
  path: string,
): Answer<string> {
  const folder = folderPath(path);
  const facts = await files.stat(folder);
  if (!facts.ok) return facts;
  if (facts.value === null)
    return fail('not-found', `There is no folder ${path}.`, 'Choose a folder that exists.');
  const repo = await locateRepo(git, folder, { readMs: LOCATE_MS });
  if (repo.ok) return ok(repo.value.tree);
  const { message, remedy, details } = repo.error;
  return fail('attention', message, remedy, details === undefined ? {} : { details });
}
