import { decodeLog } from '../../../shared/domain/decode-log.ts';
import type { SessionFacts } from '../../../shared/transcripts/session-facts.ts';
import { folderPath, inFolder, nameOf } from '../files/folder-path.ts';
import type { Files } from '../ports/files.ts';
import { findWorkspace } from '../workspaces/workspace.ts';

const CONFIG_BYTES = 256 * 1024;
/** General folders that are no project. */
const NO_PROJECT =
  /^(?:\/|\/tmp|\/private\/tmp|\/var\/tmp|\/root|\/home\/[^/]+|\/Users\/[^/]+|[A-Za-z]:\/?|[A-Za-z]:\/Users\/[^/]+)$/;

/** Where agents and people put a repository's work trees, below it. */
const WORK_TREES = /\/(?:\.claude\/|\.cursor\/|\.codex\/)?\.?worktrees\/[^/]+(?:\/.*)?$/;

/**
 * Names a session's project: by its git remote, which is the same on every machine and in every work tree; else by the top of its work
 * tree; else by its folder.
 * @returns null for a session in no project: one in the home folder, or without a folder
 */
export async function projectOf(
  files: Files,
  facts: Pick<SessionFacts, 'folders' | 'remotes'>,
): Promise<string | null> {
  const [remote] = facts.remotes;
  const named = remote === undefined ? null : repositoryOf(remote);
  if (named !== null) return named;
  const [first] = facts.folders;
  if (first === undefined) return null;
  const folder = folderPath(first);
  const workspace =
    folder.startsWith('/') || /^[A-Za-z]:\//.test(folder) ? await findWorkspace(files, folder) : null;
  const root = workspace?.ok ? (workspace.value?.identityRoots.at(-1) ?? null) : null;
  if (root !== null) {
    const config = await files.readHead(inFolder(root, '.git', 'config'), CONFIG_BYTES);
    const url = config.ok && config.value !== null ? originOf(decodeLog(config.value)) : null;
    return (url === null ? null : repositoryOf(url)) ?? nameOf(root);
  }
  const top = folder.replace(WORK_TREES, '');
  return NO_PROJECT.test(top) ? null : nameOf(top) || null;
}

/** `git@github.com:acme/harbor.git` is `harbor`. */
export function repositoryOf(url: string): string | null {
  const last =
    url
      .trim()
      .replace(/[/\\]+$/, '')
      .split(/[/:\\]/)
      .at(-1) ?? '';
  const name = last.replace(/\.git$/i, '');
  return /^[\p{L}\p{N}_][\p{L}\p{N}._ -]{0,99}$/u.test(name) ? name : null;
}

/** The address of `origin`, or of the first remote. */
function originOf(config: string): string | null {
  const found = new Map<string, string>();
  let remote: string | null = null;
  for (const line of config.split('\n')) {
    const section = /^\s*\[(.*)\]/.exec(line)?.[1];
    if (section !== undefined) remote = /^remote "([^"]+)"$/.exec(section)?.[1] ?? null;
    const url = /^\s*url\s*=\s*(\S+)/.exec(line)?.[1];
    if (remote !== null && url !== undefined && !found.has(remote)) found.set(remote, url);
  }
  return found.get('origin') ?? [...found.values()][0] ?? null;
}
