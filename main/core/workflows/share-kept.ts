import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import { MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { MachineKeys } from '../ports/machine-keys.ts';
import type { KeptLog, KeptValues } from '../secrets/kept-values.ts';
import type { SharedLogs, SharedValues } from '../secrets/shared-values.ts';
import { inMemory } from '../store/in-memory.ts';
import { claimPartition } from '../sync/claim-partition.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { withSyncLock } from '../sync/with-sync-lock.ts';

/** What sharing values with one's other machines needs. */
export interface ShareBase {
  readonly sync: SyncDeps;
  readonly secrets?: { readonly shared?: SharedValues; readonly kept?: KeptValues };
}

/** The machines this one's values go to. */
export interface SharedReport {
  /** This machine's key, to be entered on another. */
  readonly key: string;
  /** Keys of machines that can read them. */
  readonly with: readonly string[];
}

/** A larger object is no list of values. Bytes. */
const LIMIT = 64 * MIB;
const PUBLISHED = { schema: stateObject({ store: v.string(), mark: v.string() }), maxBytes: MIB };

/**
 * Updates this machine's values in the store: sealed to its own key and to those a person has named. Uploads nothing before a person has
 * named one, and makes no request while nothing has changed.
 */
export async function publishKept({ sync, secrets }: ShareBase, options: RunOptions = {}): Answer<void> {
  const shared = secrets?.shared;
  const mark = (await shared?.mark()) ?? ok(null);
  if (!mark.ok) return mark;
  if (shared === undefined || mark.value === null || options.dryRun) return ok(undefined);
  const file = `${sync.paths.state}/shared-secrets.json`;
  const store = `${sync.store.url} ${sync.layout.tenant}`;
  const before = await recallState(sync.files, file, PUBLISHED);
  if (before?.store === store && before.mark === mark.value && before.mark !== '') return ok(undefined);
  const sealed = await shared.sealed();
  if (!sealed.ok) return sealed;
  return await withSyncLock(sync, 'push', options, async () => {
    const claimed = await claimPartition(sync, options.signal);
    if (!claimed.ok) return claimed;
    const name = sync.layout.sharedSecrets(sync.self.uuid);
    const live = await sync.store.head(name, { signal: options.signal });
    if (!live.ok) return live;
    const put = await sync.store.put(name, inMemory(sealed.value), {
      ifGenerationMatch: live.value?.generation ?? '0',
      contentType: 'application/octet-stream',
      signal: options.signal,
    });
    return put.ok ? await writeState(sync.files, file, { schema: 1, store, mark: mark.value }) : put;
  });
}

/**
 * What another machine of the same person keeps, or what this one kept before its disk was lost.
 * @returns null when it shares nothing with this machine; the last answer if the store does not respond
 */
export async function sharedBy(
  { sync, secrets }: ShareBase,
  machine: MachineUuid,
): Answer<SharedLogs | null> {
  const shared = secrets?.shared;
  if (shared === undefined) return ok(null);
  const copy = await shared.copyOf(machine);
  const found = await sync.store.get(sync.layout.sharedSecrets(machine), { limit: LIMIT });
  if (!found.ok) {
    const before = await sync.files.read(copy);
    return before.ok && before.value !== null ? ok(await shared.open(before.value)) : found;
  }
  const logs = found.value === null ? null : await shared.open(found.value.bytes);
  const kept =
    logs === null || found.value === null
      ? await sync.files.remove(copy)
      : await sync.files.replace(copy, found.value.bytes);
  return kept.ok ? ok(logs) : kept;
}

/**
 * Lets another machine of the same person read the values kept here, or stops that; without a key it returns the current state.
 * @param key as the other machine shows it
 */
export async function shareKept(
  base: ShareBase & {
    readonly machineKeys: MachineKeys;
    readonly secrets: { readonly shared: SharedValues };
  },
  key: string | null,
  how: 'share' | 'end',
): Answer<SharedReport> {
  const { shared } = base.secrets;
  const own = await base.machineKeys.recipient();
  if (!own.ok) return own;
  if (key !== null) {
    const changed = how === 'share' ? await shared.add(key) : await shared.remove(key);
    if (!changed.ok) return changed;
    const published = await publishKept(base);
    if (!published.ok) return published;
  }
  return mapOk(await shared.keys(), (keys) => ({ key: own.value, with: keys }));
}

/** Lists what all other machines share with this one; skips unreachable ones. */
export async function sharedByOthers(base: ShareBase): Answer<readonly SharedLogs[]> {
  const machines = await base.sync.index.machines();
  if (!machines.ok) return machines;
  const found: SharedLogs[] = [];
  await runLimited(
    machines.value.filter(({ own }) => !own),
    TRANSFERS,
    undefined,
    async ({ machine }) => {
      const logs = await sharedBy(base, machine);
      if (logs.ok && logs.value !== null) found.push(logs.value);
    },
  );
  return ok(found.sort((a, b) => (a.host < b.host ? -1 : 1)));
}

/**
 * Recovers this machine's own values from the store, for logs with none kept here: before logs are restored. Best effort: a log with labels
 * is better than none.
 */
export async function recallKept(base: ShareBase): Promise<void> {
  const kept = base.secrets?.kept;
  if (kept === undefined) return;
  const shared = await sharedBy(base, base.sync.self.uuid);
  let problem = shared.ok ? null : shared.error;
  for (const log of shared.ok ? (shared.value?.logs ?? []) : []) {
    const done = await keepAgain(kept, log);
    if (!done.ok) problem ??= done.error;
  }
  if (problem !== null) base.sync.logger.warn('kept values were not taken back', { code: problem.code });
}

async function keepAgain(kept: KeptValues, log: KeptLog): Answer<void> {
  const here = await kept.of(log.path);
  return here.ok && here.value === null ? await kept.keep(log) : here.ok ? ok(undefined) : here;
}
