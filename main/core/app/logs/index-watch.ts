import type { LogId } from '../../../../shared/domain/ids.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';

/** Detects index changes by this or another process. */
export interface IndexWatch {
  /**
   * Compares the index with the last seen version.
   * @param ids changed logs, if known
   */
  check(ids?: readonly LogId[] | null): Promise<void>;
  /** The last seen version; 0 before any. */
  readonly version: number;
}

/** Beyond this, a page does better to reload everything. */
const NAMED = 100;

/** Checks after each run with the store, after another program's write, and when the core changes. */
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
