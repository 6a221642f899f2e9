import { exportIndex } from '../../logs/cache-index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Bus } from '../bus.ts';
import type { Operations } from '../operations/operations.ts';
import type { PresentCore } from '../present-core.ts';
import { createTimetable } from '../schedule/timetable.ts';

export interface IdleExportParts {
  readonly present: PresentCore;
  readonly operations: Pick<Operations, 'running'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly bus: Bus;
}

/** Milliseconds without changes first: an import of a team or work on logs is not slowed down. */
export const QUIET_MS = 2 * 60_000;

/** Exports the index as one file for other programs when idle. @returns a function that stops it */
export function exportWhenIdle({ present, operations, clock, logger, bus }: IdleExportParts): {
  stop(): Promise<void>;
} {
  let writing: Promise<unknown> = Promise.resolve();
  const table = createTimetable<'export'>(clock, () => {
    if (operations.running.length > 0) later();
    else writing = write();
  });
  const later = (): void => table.set('export', clock.now() + QUIET_MS);

  async function write(): Promise<void> {
    const written = await present.use((core) => exportIndex(core.sync));
    // Probably a full disk, reported elsewhere. The next change retries.
    if (!written.ok) logger.warn('could not export the index', { code: written.error.code });
  }

  bus.on('index.changed', later);
  return {
    async stop() {
      await table.stop();
      await writing;
    },
  };
}
