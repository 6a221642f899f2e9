import { pidExists } from './host-probe.ts';
import type { Processes, Sighting } from './verdict.ts';

const MEMORY_MS = 5000;

/**
 * Processes of a host where asking for a start time needs a child process. Existence is asked first, which is
 * cheap, and an owner that was there a moment ago is not asked for again. What is remembered can only confirm the
 * very start time that was seen; it is never used to call anybody dead.
 * @param ask asks the host about a process that exists
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
