import type { TimerHost } from '../../core/ports/timer-host.ts';
import { runSystemProgram } from '../process/system-program.ts';

/** The programs of timers answer at once; one that asks something would wait for ever. */
const DEADLINE_MS = 20_000;

/** The timers of the machine that this process runs on. */
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
