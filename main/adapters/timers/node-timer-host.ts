import { execFile } from 'node:child_process';
import type { ProgramEnd, TimerHost } from '../../core/ports/timer-host.ts';

/** The programs of timers answer at once; one that asks something would wait for ever. */
const DEADLINE_MS = 20_000;
const MAX_OUTPUT = 4 * 1024 * 1024;

/** The timers of the machine that this process runs on. */
export function createNodeTimerHost(): TimerHost {
  const { platform } = process;
  return { platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux', run };
}

function run(file: string, args: readonly string[], stdin = ''): Promise<ProgramEnd> {
  return new Promise((settle) => {
    const child = execFile(
      file,
      [...args],
      {
        timeout: DEADLINE_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT,
        windowsHide: true,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C', SYSTEMD_PAGER: '' },
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' && !error.killed ? error.code : null;
        settle({
          code,
          stdout,
          stderr: error !== null && code === null ? `${stderr}${error.message}` : stderr,
        });
      },
    );
    // A program that does not read its input is no failure of ours.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
  });
}
