import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Watch, Watcher } from '../../core/ports/watcher.ts';
import { changesBetween, takeSnapshot } from './folder-snapshot.ts';

export interface ParcelWatcherParts {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Loads the native module; rejects if there is none for this platform. */
  readonly load?: () => Promise<Subscriber>;
  /** Milliseconds between comparisons in addition to events. */
  readonly reconcileMs?: number;
  /** Milliseconds between comparisons without events. */
  readonly scanMs?: number;
}

/** The part of `@parcel/watcher` used here. */
export interface Subscriber {
  subscribe(
    folder: string,
    listener: (error: Error | null, events: readonly { readonly path: string }[]) => unknown,
    options: { readonly ignore: string[] },
  ): Promise<{ unsubscribe(): Promise<void> }>;
}

const RECONCILE_MS = 5 * 60_000;
const SCAN_MS = 30_000;
/** A larger burst is reported as "anything". */
const NAMED = 2_000;

/**
 * `@parcel/watcher`, plus a comparison every few minutes: every system drops events when there are too many, and network folders
 * have none. If the module does not work, only comparisons, more often.
 */
export function createParcelWatcher(parts: ParcelWatcherParts): Watcher {
  return {
    async watch(request) {
      const folder = await realpath(request.folder).catch(() => request.folder);
      const ignore = request.ignore.map((path) => moved(path, request.folder, folder));
      const tell = (paths: readonly string[]): void => {
        // Callers compare with the paths they passed, which may go through a link.
        const named =
          paths.length > NAMED
            ? null
            : [...new Set(paths)].map((path) => moved(path, folder, request.folder));
        request.onChange({ paths: named });
      };
      const events = await subscribe(parts, {
        folder,
        ignore,
        tell,
        lost: () => request.onChange({ paths: null }),
      });
      const endComparing = await compareNowAndThen(parts, {
        folder,
        ignore,
        tell,
        by: events === null ? 'scan' : 'events',
      });
      return {
        by: events === null ? 'scan' : 'events',
        async close() {
          await Promise.all([events?.unsubscribe(), endComparing()]);
        },
      };
    },
  };
}

interface Place {
  readonly folder: string;
  readonly ignore: readonly string[];
  readonly tell: (paths: readonly string[]) => void;
}

async function subscribe(
  { logger, load = loadParcel }: ParcelWatcherParts,
  { folder, ignore, tell, lost }: Place & { readonly lost: () => void },
): Promise<{ unsubscribe(): Promise<void> } | null> {
  try {
    const watcher = await load();
    return await watcher.subscribe(
      folder,
      (error, events) => {
        // An overflow ends the reporting of this burst, not the watch.
        if (error !== null) {
          logger.warn('the watcher of files lost events', { problem: error.message });
          lost();
        } else if (events.length > 0) tell(events.map(({ path }) => path));
      },
      { ignore: [...ignore] },
    );
  } catch (thrown) {
    // No build for this platform, or the system has no watches left: the app works without, with some delay.
    logger.warn('files cannot be watched and are compared instead', { problem: String(thrown) });
    return null;
  }
}

async function loadParcel(): Promise<Subscriber> {
  const module = await import('@parcel/watcher');
  return module;
}

/** Takes the first snapshot, and compares with it until the returned function is called: changes after this are reported. */
async function compareNowAndThen(
  { clock, reconcileMs = RECONCILE_MS, scanMs = SCAN_MS }: ParcelWatcherParts,
  { folder, ignore, tell, by }: Place & { readonly by: Watch['by'] },
): Promise<() => Promise<void>> {
  const stop = new AbortController();
  const ignored = new Set(ignore);
  let before = await takeSnapshot(folder, ignored);
  const loop = async (): Promise<void> => {
    while (await clock.sleep(by === 'events' ? reconcileMs : scanMs, stop.signal)) {
      const after = await takeSnapshot(folder, ignored);
      if (stop.signal.aborted) return;
      const changed = changesBetween(before, after);
      before = after;
      // Mostly already reported by events; receiving it twice is harmless.
      if (changed.length > 0) tell(changed);
    }
  };
  const running = loop();
  return async () => {
    stop.abort();
    await running;
  };
}

/** Moves a path from below one folder to below the other. */
function moved(path: string, from: string, to: string): string {
  if (path === from) return to;
  return path.startsWith(from + sep) ? to + path.slice(from.length) : path;
}
