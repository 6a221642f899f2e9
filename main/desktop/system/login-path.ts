import { runSystemProgram } from '../../compose/programs.ts';

const DEADLINE_MS = 3_000;
const MARK = '__session_log_path__';

/**
 * Adopts the search path of a login shell. An app started by the Finder has a path without Homebrew and the like, and would not find git
 * or gcloud. Ends within a few seconds, whatever the shell's start-up files do; the path then stays as it is.
 */
export async function adoptLoginPath(): Promise<void> {
  if (process.platform !== 'darwin' || process.env['TERM'] !== undefined) return;
  const shell = process.env['SHELL'] ?? '/bin/zsh';
  const script = `printf '${MARK}%s${MARK}' "$PATH"`;
  const env = { DISABLE_AUTO_UPDATE: 'true' };
  const { stdout } = await runSystemProgram(shell, ['-ilc', script], DEADLINE_MS, { env });
  // Start-up files may print anything around it.
  const path = stdout.split(MARK)[1];
  if (path !== undefined && path !== '') process.env['PATH'] = path;
}
