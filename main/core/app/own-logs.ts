import type { AppError } from '../../../shared/app-error.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { isSessionLog } from '../git-sync/session-log-path.ts';
import type { Files } from '../ports/files.ts';
import { inFolder } from '../save/folder-path.ts';

/**
 * The session logs of one person in a work tree: what a git sync that nobody's save started may commit. Logs of others who work in the
 * same tree stay as they are, and so does every file that is no log.
 * @param tree top of the work tree, absolute
 * @param user the short name in the logs' file names
 * @returns paths relative to the top
 */
export async function ownLogs(
  files: Files,
  tree: string,
  user: string,
): Promise<Result<readonly string[], AppError>> {
  const bases = ['session-logs'];
  for (const group of ['projects', 'clients']) {
    const names = await files.names(inFolder(tree, group));
    // A group that is a file or may not be read holds no logs of ours.
    if (names.ok) bases.push(...names.value.map((name) => `${group}/${name}/session-logs`));
  }
  const paths: string[] = [];
  for (const base of bases) {
    const scan = await files.scanLogs(inFolder(tree, base));
    if (!scan.ok) {
      if (scan.error.code === 'denied' || scan.error.code === 'not-found') continue;
      return scan;
    }
    for (const { path } of scan.value.files) {
      const whole = `${base}/${path}`;
      if (isSessionLog(whole) && parseLogName(path).user?.toLowerCase() === user.toLowerCase())
        paths.push(whole);
    }
  }
  return ok(paths);
}
