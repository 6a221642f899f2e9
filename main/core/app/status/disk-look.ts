import type { Answer } from '../../../../shared/app-error.ts';
import { ok } from '../../../../shared/result.ts';
import type { Logger } from '../../ports/logger.ts';
import { status } from '../../workflows/status.ts';
import type { AppCore } from '../app-core.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import { NOTHING_LOCAL, type LocalFacts } from './snapshot.ts';

/** Facts of this disk: what is not pushed yet, what the index last held, how the last syncs ended. */
export interface DiskLook {
  readonly facts: LocalFacts;
  /** Reads again. Requests made meanwhile share one further read. */
  look(): Promise<void>;
}

/** @returns facts of a disk not read yet */
export function createDiskLook(present: PresentCore, bus: Bus, logger: Pick<Logger, 'warn'>): DiskLook {
  let facts = NOTHING_LOCAL;
  let looking: Promise<void> | null = null;
  let again = false;

  async function lookUntilStill(): Promise<void> {
    do {
      // Simultaneous requests share this read.
      await Promise.resolve();
      again = false;
      const found = await present.use((core) => lookAround(core));
      if (found.ok) facts = found.value;
      else if (present.now.ok)
        logger.warn('could not look at the data folder', {
          code: found.error.code,
          message: found.error.message,
        });
    } while (again);
    looking = null;
    await bus.emit('disk.looked', null);
  }

  function look(): Promise<void> {
    if (looking !== null) again = true;
    else looking = lookUntilStill();
    return looking;
  }

  for (const news of [
    'logs.changed',
    'queue.touched',
    'journal.touched',
    'core.opened',
    'run.ended',
  ] as const)
    bus.on(news, look);
  bus.on('queue.drained', ({ done }) => (done ? look() : undefined));
  return {
    get facts() {
      return facts;
    },
    look,
  };
}

/** No network, no database, no log is read. */
async function lookAround(core: AppCore): Answer<LocalFacts> {
  const found = await status(core);
  if (!found.ok) return found;
  const { local, machines, store, queued } = found.value;
  return ok({
    pending: { logs: local.unsynced, bytes: local.unsyncedBytes, hooks: queued },
    machines: machines ?? [],
    logs: local.logs,
    journal: store.journal,
  });
}
