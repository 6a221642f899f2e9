import { setPriority } from 'node:os';
import { openLocal } from '../../compose/open-local.ts';
import { readPause } from '../../core/status/pause-file.ts';
import { drainInBackground } from '../../core/workflows/drain-in-background.ts';
import { writeBrief } from '../../core/workflows/write-brief.ts';
import { ok } from '../../../shared/result.ts';
import { capturing } from '../drain-queue.ts';
import type { CliContext } from '../cli-context.ts';
import { openProcess } from '../cli-process.ts';

/** Lower priority than anything somebody waits for. */
const BACKGROUND = 10;

/**
 * Does what agents' sessions have queued, in a process started by a hook that nobody waits for: prints nothing, exits with 0.
 * @param folder where the agent works
 */
export async function runDrain(folder: string): Promise<void> {
  const context = openProcess();
  lowerPriority();
  const local = openLocal();
  if (!local.ok) return;
  const { files, paths, clock, settings } = local.value;
  await drainInBackground(local.value, {
    folder,
    signal: context.signal,
    // A pause requested in the app applies to all automatic work.
    isPaused: async () => (await readPause(files, paths.pause, clock.now())) !== null,
    async open() {
      const core = await context.core();
      if (!core.ok) return core;
      const base = core.value;
      return ok({ base, capture: capturing(base, context.signal), close: () => base.close() });
    },
  });
  if (settings.agents.brief) await refreshBrief(context);
}

/** For the next session: its hook has no time to open the index. */
async function refreshBrief(context: CliContext): Promise<void> {
  const core = await context.core();
  if (!core.ok) return;
  const written = await writeBrief(core.value, { signal: context.signal });
  if (!written.ok)
    core.value.sync.logger.warn('what agents’ sessions begin with was not written', {
      code: written.error.code,
      message: written.error.message,
    });
  await core.value.close();
}

function lowerPriority(): void {
  try {
    setPriority(BACKGROUND);
  } catch {
    // If that is not permitted, it runs as is.
  }
}
