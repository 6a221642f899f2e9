import type { Author } from '../../../shared/domain/author.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { proposeAuthor } from '../author/author.ts';
import type { Git } from '../ports/git.ts';
import type { AuthorPlace } from '../save/choose-home.ts';
import type { SavePaths, SavePlace } from '../save/save-plan.ts';

export { needsAuthor } from '../save/choose-home.ts';

/** What data folder, settings and system say about the author. */
export interface PlaceBase {
  readonly settings: Pick<Settings, 'app' | 'author' | 'git' | 'save'>;
  readonly hostname: string;
  readonly git: Git;
}

/** The author for `whoami` and saves. Asks git only when nobody is named. */
export function authorPlaceOf(base: PlaceBase & { readonly paths: AuthorPlace['paths'] }): AuthorPlace {
  const { paths, settings, hostname, git } = base;
  return {
    paths,
    hostname,
    workspaces: settings.git.workspaces,
    author: settings.author,
    proposal: (folder) => proposeAuthor(git, folder),
  };
}

/** @param author who signs logs in the data folder; from the settings, or just entered */
export function savePlaceOf(base: PlaceBase & { readonly paths: SavePaths }, author: Author): SavePlace {
  const { paths, settings } = base;
  return {
    ...authorPlaceOf(base),
    author,
    paths,
    timeZone: settings.app.timeZone,
    toStore: settings.save.toStore,
  };
}
