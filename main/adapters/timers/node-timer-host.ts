import type { TimerHost } from '../../core/ports/timer-host.ts';
import { runSystemProgram } from '../process/system-program.ts';

/** Timer programs respond at once; one that prompts would wait forever. */
const DEADLINE_MS = 20_000;

/** The timers of the current machine. */
export function createNodeTimerHost(): TimerHost {
  const { platform } = process;
  return {
    platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
    run: async (file, args, stdin = '') => {
      const env = { SYSTEMD_PAGER: '' };
      const { code, stdout, stderr, problem } = await runSystemProgram(file, args, DEADLINE_MS, {
        stdin,
        env,
      });
      return { code, stdout, stderr: code === null ? `${stderr}${problem}` : stderr };
    },
  };
}
