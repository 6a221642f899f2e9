/** The wiki article of a session's log. */
export interface WikiTarget {
  readonly kind: 'client' | 'project';
  /** Folder name in `clients/` or `projects/`. */
  readonly name: string;
  /** Its form in the wiki: lower case, words joined by dashes. */
  readonly slug: string;
  /** `clients` or `projects`: the folder below `wiki/`. */
  readonly folder: string;
}

/**
 * Derives the article from a log's path: `clients/<slug>/session-logs/…` or `projects/<project>/session-logs/…`.
 * @param logPath relative to the workspace
 * @returns null for logs of the root, which belong to no single article
 */
export function wikiTarget(logPath: string): WikiTarget | null {
  const match = /^(clients|projects)\/([^/]+)\/session-logs\//.exec(logPath);
  const [folder, name] = [match?.[1], match?.[2]];
  if (folder === undefined || name === undefined) return null;
  const slug = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  if (slug === '') return null;
  return { kind: folder === 'clients' ? 'client' : 'project', name, slug, folder };
}
