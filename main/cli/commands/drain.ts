import { setPriority } from 'node:os';
import { openLocal } from '../../compose/open-local.ts';
import { readPause } from '../../core/app/schedule/pause-file.ts';
import { drainInBackground } from '../../core/workflows/drain-in-background.ts';
import { openProcess } from '../cli-process.ts';

/** Behind everything that somebody waits for. */
const BACKGROUND = 10;

/**
 * Does what agents' sessions have queued, in a process that a hook has started and that nobody waits for: prints nothing, ends with 0.
 * @param folder where the agent works
 */
export async function runDrain(folder: string): Promise<void> {
  const context = openProcess();
  lowerPriority();
  const local = openLocal();
  if (!local.ok) return;
  const { files, paths, clock } = local.value;
  await drainInBackground(local.value, {
    folder,
    signal: context.signal,
    // A pause that a person asked for in the app holds for everything that happens by itself.
    isPaused: async () => (await readPause(files, paths.pause, clock.now())) !== null,
    open: () => context.core(),
  });
}

function lowerPriority(): void {
  try {
    setPriority(BACKGROUND);
  } catch {
    // Where that is not allowed it runs as it is.
  }
}
