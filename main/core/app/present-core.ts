import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppCore } from './app-core.ts';

/** The current core, replaced when settings or identity change. */
export interface PresentCore {
  /** The current one, or why there is none. */
  readonly now: Result<AppCore, AppError>;
  /** Runs something over the current core, which stays open until it ends. */
  use<T>(run: (core: AppCore) => Answer<T>): Answer<T>;
  /** Opens a new core and closes the old one when unused. If none can be opened there is none: the old one had outdated settings. */
  reopen(): Answer<AppCore>;
  /** The same core with other settings: for those that affect neither store nor index. */
  setSettings(settings: Settings): void;
  /** Closes it for good. */
  close(): Promise<void>;
}

interface Slot {
  core: Result<AppCore, AppError>;
  users: number;
  retired: boolean;
}

/** Opens the first core. A failure is kept as a value: the app starts anyway and shows what is wrong. */
export async function openPresentCore(
  open: () => Answer<AppCore>,
  logger: Pick<Logger, 'warn'>,
): Promise<PresentCore> {
  let slot: Slot = { core: await open(), users: 0, retired: false };
  let queue: Promise<unknown> = Promise.resolve();
  const closing = new Set<Promise<void>>();

  function release(used: Slot): void {
    used.users--;
    closeIfUnused(used);
  }

  function closeIfUnused(old: Slot): void {
    if (!old.retired || old.users > 0 || !old.core.ok) return;
    const closed = old.core.value.close().catch((thrown: unknown) => {
      logger.warn('a core did not close', { thrown: String(thrown) });
    });
    closing.add(closed);
    void closed.finally(() => closing.delete(closed));
  }

  function exchange(core: Result<AppCore, AppError>): void {
    const old = slot;
    slot = { core, users: 0, retired: false };
    old.retired = true;
    closeIfUnused(old);
  }

  return {
    get now() {
      return slot.core;
    },
    async use(run) {
      const used = slot;
      if (!used.core.ok) return used.core;
      used.users++;
      try {
        return await run(used.core.value);
      } finally {
        release(used);
      }
    },
    reopen() {
      // One at a time, so that the last request wins.
      const next = queue.then(async () => {
        const core = await open();
        exchange(core);
        return core;
      });
      queue = next.catch(() => undefined);
      return next;
    },
    setSettings(settings) {
      if (slot.core.ok) slot.core = ok({ ...slot.core.value, settings });
    },
    async close() {
      await queue;
      exchange(err(closed()));
      await Promise.all(closing);
    },
  };
}

function closed(): AppError {
  return appError('cancelled', 'Session Log is ending.', 'Start it again.');
}
