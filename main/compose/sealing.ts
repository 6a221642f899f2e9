import type { Answer } from '../../shared/app-error.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import { mapOk, ok } from '../../shared/result.ts';
import type { MachineSecret } from '../core/machine/machine-keys.ts';
import type { Age } from '../core/ports/age.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { createKeyring, type Keyring, type KeyringDeps } from '../core/sealing/keyring.ts';
import { createSealedStore } from '../core/sealing/sealed-store.ts';
import type { Team } from '../core/sealing/team.ts';
import type { SyncDeps } from '../core/sync/sync-deps.ts';
import type { SealingBase } from '../core/workflows/sealing-base.ts';
import { lazyStore } from './lazy-store.ts';

/** What sealing is built from. */
export interface SealingParts extends Pick<
  SyncDeps,
  'files' | 'bytes' | 'clock' | 'random' | 'layout' | 'self'
> {
  readonly age: Age;
  readonly machineKeys: MachineSecret;
  readonly paths: { readonly state: string; readonly spool: string };
  /** Whether to hide names of this machine's logs: the present `store.sealedNames`. */
  readonly hidesNames: () => boolean;
}

/** The one way to a store: everything that writes there gets `opened`; only code that handles the keys gets the store under it. */
export function openSealing(
  store: ObjectStore,
  parts: SealingParts,
): {
  readonly opened: ObjectStore;
  readonly keyring: Keyring;
  readonly complete: (texts: SyncDeps['texts']) => SealingBase['sealing'];
} {
  const { files, bytes, age, random, machineKeys, paths, layout, self, clock } = parts;
  const keyringDeps: KeyringDeps = {
    files,
    bytes,
    clock,
    age,
    machineKeys,
    store,
    tenant: layout.tenant,
    machine: self.uuid,
    stateFolder: paths.state,
  };
  const seal = { age, bytes, files, random, spool: paths.spool };
  const layered = (keyring: Keyring, kept: SyncDeps['files']) => {
    const names = async () => {
      // Local-only operations do not load it.
      const { openNames } = await import('../core/sealing/named-store.ts');
      const wanted = parts.hidesNames;
      return openNames(store, {
        ...seal,
        files: kept,
        store,
        keyring,
        clock,
        layout,
        machine: self.uuid,
        wanted,
      });
    };
    const { url, sameDisk, statesRecords } = store;
    const facts = { url, sameDisk, ...(statesRecords === undefined ? {} : { statesRecords }) };
    let opened: ReturnType<typeof names> | null = null;
    const once = (): ReturnType<typeof names> => (opened ??= names());
    const named = lazyStore(facts, async () => ok((await once()).store));
    return { names: once, named, opened: createSealedStore(named, keyring, seal) };
  };
  const keyring = createKeyring(keyringDeps);
  const { names, named, opened } = layered(keyring, files);
  return {
    opened,
    keyring,
    complete: (texts) => ({
      deps: { ...seal, keyring, store: named, opened, sync: { layout, self, ...(texts ? { texts } : {}) } },
      hidesNames: async () =>
        mapOk(await (await names()).names.epochOf(self.uuid), (epoch) => epoch !== null),
      team: () => teamOf(layout.tenant, parts),
      forgetful: () => {
        const nothing = { ...files, names: async () => ok([]), replace: async () => ok(undefined) };
        return layered(createKeyring({ ...keyringDeps, files: nothing }), nothing).opened;
      },
    }),
  };
}

async function teamOf(tenant: TenantId, { machineKeys, self, clock }: SealingParts): Answer<Team> {
  const recipient = await machineKeys.recipient();
  if (!recipient.ok) return recipient;
  const { uuid, hostname } = self;
  return ok({ tenant, self: { id: uuid, name: hostname, recipient: recipient.value, since: clock.now() } });
}
