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

/** What follows when settings have opened another core: others' rows go when the store is another, and the store is read and written at once. */
export function followNewStore({ present, index, runs, bus }: NewStoreParts): void {
  bus.on('settings.changed', async ({ before, after, reopened }) => {
    if (!reopened) return;
    // Nothing crosses stores and tenants. What the index held of the old one is read again if that is chosen again.
    if (before.store.url !== after.store.url || before.store.tenant !== after.store.tenant) {
      await present.use((core) => forgetOthers(core.sync.index, core.sync.self.uuid));
      await index.check();
    }
    runs.index('start');
    if (after.schedule.push === 'on-change') runs.push('start');
  });
}
