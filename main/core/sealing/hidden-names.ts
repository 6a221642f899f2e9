import * as v from 'valibot';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { parseMachineUuid, type MachineUuid } from '../../../shared/domain/ids.ts';
import { err, ok } from '../../../shared/result.ts';
import { parseJson } from '../../../shared/json.ts';
import { MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { inMemory } from '../store/in-memory.ts';
import type { StoreLayout } from '../store/layout.ts';
import { listPages } from '../store/list-pages.ts';
import { KEY_OBJECT_LIMIT } from './key-names.ts';
import type { Keyring } from './keyring.ts';
import { isRecent } from './moved-machines.ts';
import { openSealed } from './open-body.ts';
import { sealBody, type SealDeps } from './seal-body.ts';
import { isNotAdmitted } from './sealing-errors.ts';

/** Machines that store under opaque names, and the epoch of each one's key. */
export interface HiddenNames {
  /**
   * The epoch whose key makes a machine's names; null for names in the clear. Permanent once set.
   * @param isFresh ask the store, whenever it was last asked
   */
  epochOf(machine: MachineUuid, isFresh?: boolean): Answer<number | null>;
  /**
   * The same for this machine, before it writes: if the setting asks for it, the first write decides.
   * @returns `not-configured` where names cannot be hidden as the setting asks: none is written in the clear then
   */
  ownEpoch(): Answer<number | null>;
}

export interface HiddenNamesDeps extends SealDeps {
  /** The raw store. */
  readonly store: ObjectStore;
  readonly keyring: Keyring;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly layout: StoreLayout;
  readonly machine: MachineUuid;
  /** Whether a person wants this machine's names hidden. */
  readonly wanted: () => boolean;
}

const FORMAT = { schema: stateObject({ epochs: v.record(v.string(), v.number()) }), maxBytes: MIB };
const MARK = v.object({ epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) });

/** Makes no request before there is a key. */
export function createHiddenNames(deps: HiddenNamesDeps): HiddenNames {
  const { keyring, machine, clock, files } = deps;
  const path = `${keyring.folder}/names.json`;
  let kept: Map<string, number> | null = null;
  let askedAt: number | null = null;
  let deciding: Answer<number | null> | null = null;

  const known = async (): Promise<Map<string, number>> => {
    kept ??= new Map(Object.entries((await recallState(files, path, FORMAT))?.epochs ?? {}));
    return kept;
  };
  const keep = async (all: ReadonlyMap<string, number>): Answer<void> =>
    await writeState(files, path, { schema: 1, epochs: Object.fromEntries(all) });
  const epochOf = async (one: MachineUuid, isFresh = false): Answer<number | null> => {
    const key = await keyring.newest();
    // Without a key no name is of use.
    if (!key.ok) return isNotAdmitted(key.error) ? ok(null) : key;
    if (key.value === null) return ok(null);
    const all = await known();
    if (all.has(one) || (!isFresh && isRecent(clock, askedAt))) return ok(all.get(one) ?? null);
    const found = await readMarks(deps, all);
    if (!found.ok) return found;
    askedAt = clock.monotonic();
    const wrote = found.value ? await keep(all) : ok(undefined);
    return wrote.ok ? ok(all.get(one) ?? null) : wrote;
  };
  const decide = async (): Answer<number | null> => {
    const begun = await begin(deps);
    if (!begun.ok) return begun;
    const all = await known();
    all.set(machine, begun.value);
    const wrote = await keep(all);
    return wrote.ok ? begun : wrote;
  };
  return {
    epochOf,
    ownEpoch: async () => {
      const now = await epochOf(machine);
      if (!now.ok || now.value !== null || !deps.wanted()) return now;
      // Sixteen logs are written at once; the first decides for all.
      deciding ??= decide();
      const decided = await deciding;
      deciding = null;
      return decided;
    },
  };
}

/** Adds what machines have declared. Ignores marks not sealed by a member. @returns whether there was anything new */
async function readMarks(deps: HiddenNamesDeps, all: Map<string, number>): Answer<boolean> {
  const { store, keyring } = deps;
  let isNew = false;
  for await (const page of listPages(store, keyring.names.hidden)) {
    if (!page.ok) return page;
    for (const { name } of page.value) {
      const machine = parseMachineUuid(name.slice(keyring.names.hidden.length).replace(/\.age$/, ''));
      if (!machine.ok || all.has(machine.value)) continue;
      const mark = await store.get(name, { limit: KEY_OBJECT_LIMIT });
      if (!mark.ok && mark.error.code !== 'corrupt') return mark;
      if (!mark.ok || mark.value === null) continue;
      const opened = await openSealed(keyring, deps, name, 0, mark.value.bytes);
      const parsed = opened.ok ? v.safeParse(MARK, parseJson(new TextDecoder().decode(opened.value))) : null;
      if (parsed?.success !== true) continue;
      all.set(machine.value, parsed.output.epoch);
      isNew = true;
    }
  }
  return ok(isNew);
}

/** Records for good that this machine's names are hidden; only if none of them is in the store yet, since a store forgets no name. */
async function begin(deps: HiddenNamesDeps): Answer<number> {
  const { store, keyring, layout, machine } = deps;
  const epoch = await keyring.newest();
  if (!epoch.ok) return epoch;
  if (epoch.value === null || (await keyring.storesPlain())) return err(needsSealing());
  for (const prefix of [layout.partition(machine), layout.copies(machine)]) {
    const page = await store.list(prefix, { pageSize: 2 });
    if (!page.ok) return page;
    if (page.value.objects.some(({ name }) => name !== layout.machineId(machine)))
      return err(namesAreThere(store.url));
  }
  const name = keyring.names.hiddenMark(machine);
  const text = new TextEncoder().encode(JSON.stringify({ epoch: epoch.value.number }));
  const sealed = await sealBody(deps, epoch.value, name, inMemory(text), {});
  if (!sealed.ok) return sealed;
  const put = await store.put(name, sealed.value.body, {
    ifGenerationMatch: '0',
    contentType: 'application/octet-stream',
    metadata: sealed.value.metadata,
  });
  return put.ok ? ok(epoch.value.number) : put;
}

function needsSealing(): AppError {
  return appError(
    'not-configured',
    'Names of logs can be hidden in a sealed store only, and this machine stores in the clear. Nothing was stored.',
    'Seal it: `session-log store seal`. Or store under names in the clear: `session-log config set store.sealedNames false`.',
    { action: 'session-log store seal', details: { field: 'store.sealedNames' } },
  );
}

function namesAreThere(url: string): AppError {
  return appError(
    'not-configured',
    `Names of this machine's logs are in the store ${url} already, and a store keeps every name: they cannot be hidden there any more. Nothing was stored.`,
    'Choose a store (`store.url`), or a folder of this one, that this machine has not pushed to. Or go on under names in the clear: `session-log config set store.sealedNames false`.',
    { details: { field: 'store.sealedNames' } },
  );
}
