import type { Answer } from '../../../../shared/app-error.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { within } from '../../concurrency/within.ts';
import type { AppParts } from '../app-core.ts';
import type { Bus } from '../bus.ts';
import type { Operations } from '../operations/operations.ts';
import type { PresentCore } from '../present-core.ts';
import type { PresentSettings } from './present-settings.ts';

/** Applies changed settings and identities to the app, whoever changed them. */
export interface TakenSettings {
  /** Applies settings; resolves when all rooms use them. */
  take(before: Settings, after: Settings): Promise<void>;
  /** Applies settings that replace an unreadable file. */
  recovered(settings: Settings): Promise<void>;
  /** Reopens the core, with a changed identity or after a failed opening. */
  reopen(): Answer<unknown>;
}

export type TakeSettingsParts = Pick<AppParts, 'clock' | 'files' | 'paths'> & {
  readonly store: Pick<AppParts['settings'], 'get'>;
  readonly settings: PresentSettings;
  readonly present: PresentCore;
  readonly operations: Operations;
  readonly bus: Bus;
};

/** How long a store change waits for runs with the old one. */
const CHANGE_MS = 5_000;

/** Follows settings.json and machine-id.json. */
export function takeSettings(parts: TakeSettingsParts): TakenSettings {
  const { settings, present, operations, bus } = parts;
  let isBroken = false;

  async function reopen(): Answer<unknown> {
    operations.cancelAll();
    await within(parts.clock, CHANGE_MS, operations.settled());
    const opened = await present.reopen();
    await bus.emit('core.opened', opened);
    return opened;
  }

  async function take(before: Settings, after: Settings): Promise<void> {
    if (JSON.stringify(settings.now) === JSON.stringify(after)) return;
    settings.take(after);
    const reopened = JSON.stringify(before.store) !== JSON.stringify(after.store) || !present.now.ok;
    if (reopened) await reopen();
    else present.setSettings(after);
    await bus.emit('settings.changed', { before, after, reopened });
  }

  bus.on('settings.touched', async () => {
    const read = parts.store.get();
    if (!read.ok) {
      isBroken = true;
      return bus.emit('settings.broken', read.error);
    }
    const [wasBroken, { value: now }] = [isBroken, read];
    isBroken = false;
    await take(settings.now, now);
    if (!wasBroken) return;
    if (!present.now.ok) await reopen();
    await bus.emit('settings.changed', { before: now, after: now, reopened: false });
  });
  bus.on('identity.touched', async () => {
    if (!present.now.ok) return void (await reopen());
    const bytes = await parts.files.read(parts.paths.machineId);
    if (!bytes.ok || bytes.value === null) return;
    const known = JSON.stringify(present.now.value.sync.self.identity);
    if (!isSameJson(new TextDecoder().decode(bytes.value), known)) await reopen();
  });
  return {
    take,
    reopen,
    async recovered(after) {
      settings.take(after);
      await reopen();
      await bus.emit('settings.changed', { before: after, after, reopened: false });
    },
  };
}

function isSameJson(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}
