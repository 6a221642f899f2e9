import type { Answer } from '../../../shared/app-error.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { logPathProblem } from '../../../shared/domain/log-path.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { readMark } from './find-own-log.ts';
import { inFolder } from '../files/folder-path.ts';
import { allLogFolders } from './log-folder.ts';
import { LOOK_BACK_DAYS, readMemory } from './save-memory.ts';
import { userSlug } from '../../../shared/domain/topic-slug.ts';
import type { Workspace } from '../workspaces/workspace.ts';

export interface OwnLogsQuery {
  readonly workspace: Workspace;
  /** As in identity.json. */
  readonly user: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** `state/sessions.json`. */
  readonly memory: string;
}

/**
 * Session logs of a workspace written by this user's saves in the last 31 days: what a sync commits when no paths are named, for instance
 * after deferred saves. A log without a save's mark is left out, whatever its name: its writer may still be working on it.
 * @returns paths relative to the workspace, sorted; most are committed already
 */
export async function ownLogs(
  files: Files,
  { workspace, user, now, memory }: OwnLogsQuery,
): Answer<readonly string[]> {
  const found = new Set<string>();
  // Logs old by name but continued lately, or with a name of their own.
  for (const hint of (await readMemory(files, memory))?.sessions ?? [])
    if (hint.workspace === workspace.root && logPathProblem(hint.path) === null) found.add(hint.path);
  const bases = await allLogFolders(files, workspace);
  if (!bases.ok) return bases;
  // One day more than the memory: the name's day may be in another zone.
  const oldest = new Date(now - (LOOK_BACK_DAYS + 1) * 86_400_000).toISOString().slice(0, 10);
  for (const base of bases.value)
    for (const folder of await dayFolders(files, workspace, base, oldest.slice(0, 7)))
      for (const path of await savedIn(files, workspace, folder, { user: userSlug(user), oldest }))
        found.add(path);
  const there: string[] = [];
  for (const path of found) {
    const facts = await files.stat(inFolder(workspace.root, path));
    if (facts.ok && facts.value !== null) there.push(path);
  }
  return ok(there.sort());
}

/** The base folder and its recent month folders. */
async function dayFolders(
  files: Files,
  workspace: Workspace,
  base: string,
  oldestMonth: string,
): Promise<readonly string[]> {
  const names = await files.names(inFolder(workspace.root, base));
  const months = names.ok ? names.value.filter((name) => /^\d{4}-\d{2}$/.test(name)) : [];
  return [base, ...months.filter((month) => month >= oldestMonth).map((month) => `${base}/${month}`)];
}

async function savedIn(
  files: Files,
  workspace: Workspace,
  folder: string,
  { user, oldest }: { readonly user: string; readonly oldest: string },
): Promise<readonly string[]> {
  const names = await files.names(inFolder(workspace.root, folder));
  const paths: string[] = [];
  for (const name of names.ok ? names.value : []) {
    const log = parseLogName(name);
    if (log.kind !== 'session' || log.user !== user || log.date === null || log.date < oldest) continue;
    const path = `${folder}/${name}`;
    if ((await readMark(files, inFolder(workspace.root, path))) !== null) paths.push(path);
  }
  return paths;
}
