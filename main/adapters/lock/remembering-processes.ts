import { pidExists } from './host-probe.ts';
import type { Processes, Sighting } from './verdict.ts';

const MEMORY_MS = 5000;

/**
 * Processes of a host where reading a start time needs a child process. Existence is checked first, which is cheap,
 * and an owner seen a moment ago is not looked up again. Remembered facts can only confirm the exact start time that
 * was seen; they never declare anybody dead.
 * @param ask queries the host about an existing process
 * @param now monotonic milliseconds
 */
export function rememberingProcesses(
  ask: (pid: number) => Promise<Sighting>,
  now: () => number,
  exists: (pid: number) => boolean = pidExists,
): Processes {
  const seen = new Map<number, { readonly start: string; readonly at: number }>();
  return {
    look: async (pid, start) => {
      if (!exists(pid)) {
        seen.delete(pid);
        return { kind: 'absent' };
      }
      const before = seen.get(pid);
      if (before?.start === start && now() - before.at < MEMORY_MS) return { kind: 'running', start };
      const sighting = await ask(pid);
      if (sighting.kind === 'running' && sighting.start !== null) {
        seen.set(pid, { start: sighting.start, at: now() });
      }
      return sighting;
    },
  };
}
