import type { Answer } from '../../../shared/app-error.ts';
import { mapOk } from '../../../shared/result.ts';
import type { MigrateDeps } from '../migrate/migrate.ts';
import { undoCopies as undo } from '../migrate/undo-migration.ts';

/**
 * Removes the copies of a work tree's logs, except changed ones.
 * @param tree top of the work tree
 * @returns the number removed, and the paths of those kept; `not-found` when there are no copies
 */
export async function undoCopies(
  deps: MigrateDeps,
  tree: string,
): Answer<{ readonly removed: number; readonly kept: readonly string[] }> {
  return mapOk(await undo(deps, tree), ({ removed, kept }) => ({ removed: removed.length, kept }));
}
