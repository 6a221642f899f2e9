const LOG = /^(?:(?:projects|clients)\/[^/]+\/)?session-logs\/(?:[^/]+\/)*[^/]+\.md$/i;

/** True for a Markdown file in `session-logs/`, `projects/<name>/session-logs/` or `clients/<name>/session-logs/`, at any depth below. */
export function isSessionLog(path: string): boolean {
  return LOG.test(path);
}
