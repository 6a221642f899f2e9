import type { Desk } from '../compose/open-desk.ts';
import type { AuthorPlace } from '../core/save/choose-home.ts';

/** What the desk knows of who writes here. Git is loaded and asked only when nobody is named. */
export function authorPlaceOf({ paths, settings, hostname }: Desk): AuthorPlace {
  return {
    paths,
    hostname,
    workspaces: settings.git.workspaces,
    author: settings.author,
    proposal: async (folder) => {
      const { authorFromGit } = await import('./ask-author.ts');
      return authorFromGit(folder);
    },
  };
}
