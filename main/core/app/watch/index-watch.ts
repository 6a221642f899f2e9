import type { LogId } from '../../../../shared/domain/ids.ts';
import type { CoreHolder } from '../core-holder.ts';
import type { EventBus } from '../event-feed.ts';

/** Notices that the index has changed, by this or another process. */
export interface IndexWatch {
  /**
   * Compares the index with what was last seen.
   * @param ids logs that have changed, when that is known
   * @returns true when it has changed
   */
  check(ids?: readonly LogId[]): Promise<boolean>;
}

/** More of them and a page does better to ask for everything anew. */
const NAMED = 100;

/** @param onVersion told each new version */
export function createIndexWatch(
  holder: CoreHolder,
  bus: EventBus,
  onVersion: (version: number) => void,
): IndexWatch {
  let seen: number | null = null;
  return {
    async check(ids) {
      const version = await holder.use((core) => core.sync.index.version());
      if (!version.ok || version.value === seen) return false;
      seen = version.value;
      onVersion(seen);
      const few = ids !== undefined && ids.length > 0 && ids.length <= NAMED;
      bus.emit({ event: 'index.changed', payload: { version: seen, ids: few ? ids : null } });
      return true;
    },
  };
}
