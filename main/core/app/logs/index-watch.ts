import type { LogId } from '../../../../shared/domain/ids.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';

/** Notices that the index has changed, by this or another process. */
export interface IndexWatch {
  /**
   * Compares the index with what was last seen.
   * @param ids logs that have changed, when that is known
   */
  check(ids?: readonly LogId[] | null): Promise<void>;
  /** The version that was last seen; 0 before any. */
  readonly version: number;
}

/** More of them and a page does better to ask for everything anew. */
const NAMED = 100;

/** Looks after each run with the store, after another program's writing, and when the core is another. */
export function createIndexWatch(present: PresentCore, bus: Bus): IndexWatch {
  let seen: number | null = null;

  async function check(ids: readonly LogId[] | null = null): Promise<void> {
    const version = await present.use((core) => core.sync.index.version());
    if (!version.ok || version.value === seen) return;
    seen = version.value;
    const few = ids !== null && ids.length > 0 && ids.length <= NAMED;
    await bus.emit('index.changed', { version: seen, ids: few ? ids : null });
  }

  bus.on('index.touched', () => check());
  bus.on('run.ended', () => check());
  bus.on('core.opened', () => check());
  return {
    check,
    get version() {
      return seen ?? 0;
    },
  };
}
