import { nameOf } from '../files/folder-path.ts';
import type { CommitIdentity } from './git-sync-deps.ts';

/**
 * Builds a sync commit's message: `sync: <HOST> …`, and in the body who, which machine and when, one `Key: value` per line, for other tools
 * to parse.
 * @param at epoch milliseconds
 */
export function commitMessage(
  identity: CommitIdentity,
  paths: readonly string[],
  at: number,
): { readonly subject: string; readonly body: string } {
  const [only, ...more] = paths;
  const what = only !== undefined && more.length === 0 ? plain(nameOf(only)) : `${paths.length} files`;
  const address = identity.email === '' ? '' : ` <${plain(identity.email)}>`;
  return {
    subject: `sync: ${plain(identity.host)} ${what}`,
    body: [
      `Author: ${plain(identity.name)}${address}`,
      `Machine: ${plain(identity.host)} (${plain(identity.machine)})`,
      `Timestamp: ${new Date(at).toISOString()}`,
    ].join('\n'),
  };
}

/** On one line: a line break in a name could forge the following lines. */
function plain(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}
