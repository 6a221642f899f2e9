import type { AppError } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { Result } from '../../../shared/result.ts';
import { sameHost } from '../author/author-file.ts';
import { concernOfCore, concernOfHostname } from './attention/concerns.ts';
import { within } from '../concurrency/within.ts';
import { forgetOthers } from '../logs/forget-others.ts';
import type { Wiring } from './wiring.ts';

/** Changes of what the core stands on. */
export interface Lifecycle {
  /** Takes over settings that have changed, whoever changed them. */
  settingsChanged(before: Settings, after: Settings): Promise<void>;
  /** Takes over settings that stand in the place of a file that could not be read. */
  settingsRecovered(settings: Settings): Promise<void>;
  reopen(): Promise<Result<unknown, AppError>>;
}

/** How long a change of the store waits for runs with the old one. */
const CHANGE_MS = 5_000;

/** Makes the changes over the wiring as it is when they come. */
export function createLifecycle(wiring: () => Wiring): Lifecycle {
  async function reopen(): Promise<Result<unknown, AppError>> {
    const { holder, operations, parts, status, auto, index } = wiring();
    operations.cancelAll();
    await within(parts.clock, CHANGE_MS, operations.settled());
    const opened = await holder.reopen();
    noteCore(wiring());
    status.forgetStore();
    await index.check();
    await status.look();
    auto.replan();
    return opened;
  }
  return {
    reopen,
    async settingsRecovered(settings) {
      wiring().settingsNow = settings;
      await reopen();
      wiring().bus.emit({ event: 'settings.changed', payload: settings });
    },
    async settingsChanged(before, after) {
      const current = wiring();
      if (JSON.stringify(current.settingsNow) === JSON.stringify(after)) return;
      current.settingsNow = after;
      if (JSON.stringify(before.store) === JSON.stringify(after.store) && current.holder.now.ok) {
        current.holder.setSettings(after);
        current.auto.replan();
      } else {
        await reopen();
        if (before.store.url !== after.store.url || before.store.tenant !== after.store.tenant)
          await dropOthers(current);
        current.runs.index('start');
        if (after.schedule.push === 'on-change') current.runs.push('start');
      }
      if (JSON.stringify(before.git) !== JSON.stringify(after.git))
        current.folder.at('workspaces', current.parts.clock.now());
      current.problems.check();
      current.bus.emit({ event: 'settings.changed', payload: after });
      current.status.refresh();
    },
  };
}

/** Nothing crosses stores and tenants: what the index holds of the old one goes. It is read again if the store is chosen again. */
async function dropOthers({ holder, index }: Wiring): Promise<void> {
  await holder.use((core) => forgetOthers(core.sync.index, core.sync.self.uuid));
  await index.check();
}

/** What a freshly opened core, or its absence, asks of a person. */
export function noteCore({ holder, attention, parts }: Wiring): void {
  if (!holder.now.ok) {
    attention.replace('core', [concernOfCore(holder.now.error, parts.paths.settings, parts.paths.machineId)]);
    return;
  }
  const { hostname: recorded } = holder.now.value.identity.identity;
  const name = parts.identityDeps.probe.hostname();
  attention.replace(
    'core',
    recorded === '' || sameHost(recorded, name) ? [] : [concernOfHostname(recorded, name)],
  );
}
