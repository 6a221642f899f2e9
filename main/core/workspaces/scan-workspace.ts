import type { LogPath } from '../../../shared/domain/ids.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { isSessionLog } from '../../../shared/domain/session-log-path.ts';
import type { Files, FoundFile } from '../ports/files.ts';
import { inFolder } from '../files/folder-path.ts';

/** Most logs listed of one workspace: the newest by name. */
export const WORKSPACE_LOG_LIMIT = 20_000;
/** A disk slower to respond than this, in milliseconds, is skipped: nobody waits for a dead share. */
const PATIENCE_MS = 1_000;

/** One log of a workspace. */
export interface WorkspaceFile extends Omit<FoundFile, 'path'> {
  /** Relative to the workspace. */
  readonly path: LogPath;
}

/** The result of scanning a workspace. */
export type WorkspaceScan =
  | {
      readonly kind: 'found';
      /** Newest first, at most {@link WORKSPACE_LOG_LIMIT}. */
      readonly files: readonly WorkspaceFile[];
      /** Logs above the limit. */
      readonly above: ReadonlySet<LogPath>;
      /** What was skipped, and why. */
      readonly problems: readonly { readonly path: string; readonly problem: string }[];
    }
  /** The folder no longer exists. */
  | { readonly kind: 'gone' }
  /** Its disk does not respond, or denies access: what was known of it still holds. */
  | { readonly kind: 'silent'; readonly problem: string };

/** Parent folders of session logs. */
const GROUPS = ['projects', 'clients'] as const;

/**
 * Finds the session logs of a workspace (`session-logs/`, `projects/<name>/session-logs/`, `clients/<name>/session-logs/`, at any depth
 * below) without reading one, or following a link out of it.
 * @param root absolute
 */
export async function scanWorkspace(
  files: Pick<Files, 'answers' | 'stat' | 'names' | 'isWithin' | 'scanLogs'>,
  root: string,
): Promise<WorkspaceScan> {
  if (!(await files.answers(root, PATIENCE_MS)))
    return { kind: 'silent', problem: 'its disk does not answer' };
  const facts = await files.stat(root);
  if (!facts.ok) return { kind: 'silent', problem: facts.error.message };
  // A workspace may be registered by a link to it.
  if (facts.value === null || (facts.value.kind !== 'folder' && facts.value.kind !== 'symlink'))
    return { kind: 'gone' };
  const found: WorkspaceFile[] = [];
  const problems: { path: string; problem: string }[] = [];
  for (const base of await logFolders(files, root)) {
    const folder = inFolder(root, base);
    const there = await files.stat(folder);
    if (there.ok && there.value === null) continue;
    if (!(await files.isWithin(folder, root))) {
      problems.push({ path: base, problem: 'it is a link that leads out of the workspace' });
      continue;
    }
    const scan = await files.scanLogs(folder);
    if (!scan.ok) {
      problems.push({ path: base, problem: scan.error.message });
      continue;
    }
    for (const { path, problem } of scan.value.problems) problems.push({ path: `${base}/${path}`, problem });
    for (const file of scan.value.files) {
      const path = parseLogPath(`${base}/${file.path}`);
      if (path.ok && isSessionLog(path.value)) found.push({ ...file, path: path.value });
    }
  }
  const sorted = newestFirst(found);
  return {
    kind: 'found',
    files: sorted.slice(0, WORKSPACE_LOG_LIMIT),
    above: new Set(sorted.slice(WORKSPACE_LOG_LIMIT).map(({ path }) => path)),
    problems,
  };
}

async function logFolders(files: Pick<Files, 'names'>, root: string): Promise<readonly string[]> {
  const bases = ['session-logs'];
  for (const group of GROUPS) {
    const names = await files.names(inFolder(root, group));
    // A group that is a file, or unreadable, has no logs for us.
    if (names.ok) bases.push(...names.value.map((name) => `${group}/${name}/session-logs`));
  }
  return bases;
}

/** By the day in their names, because a fresh clone gives every file the same time. */
function newestFirst(found: readonly WorkspaceFile[]): readonly WorkspaceFile[] {
  const dated = found.map((file) => ({
    file,
    day: parseLogName(file.path).date ?? new Date(file.mtimeMs).toISOString().slice(0, 10),
  }));
  const order = (a: string | number, b: string | number): number => (a < b ? 1 : a > b ? -1 : 0);
  return dated
    .sort(
      (a, b) =>
        order(a.day, b.day) || order(a.file.mtimeMs, b.file.mtimeMs) || order(a.file.path, b.file.path),
    )
    .map(({ file }) => file);
}
