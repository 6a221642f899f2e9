import { forgetOthers } from '../../logs/forget-others.ts';
import type { Bus } from '../bus.ts';
import type { IndexWatch } from '../logs/index-watch.ts';
import type { PresentCore } from '../present-core.ts';
import type { SyncRuns } from './sync-runs.ts';

export interface NewStoreParts {
  readonly present: PresentCore;
  readonly index: IndexWatch;
  readonly runs: SyncRuns;
  readonly bus: Bus;
}

/** Handles a core reopened by settings: drops others' rows when the store differs, and syncs with the store at once. */
export function followNewStore({ present, index, runs, bus }: NewStoreParts): void {
  bus.on('settings.changed', async ({ before, after, reopened }) => {
    if (!reopened) return;
    // Nothing crosses stores and tenants. Index rows of the old store are read again if it is chosen again.
    if (before.store.url !== after.store.url || before.store.tenant !== after.store.tenant) {
      await present.use((core) => forgetOthers(core.sync.index, core.sync.self.uuid));
      await index.check();
    }
    runs.index('start');
    if (after.schedule.push === 'on-change') runs.push('start');
  });
}
