import { EMPTY_SUMMARY } from '../../../../shared/ipc/operation.ts';
import { mapOk, ok } from '../../../../shared/result.ts';
import { auditStore, NOBODY } from '../../workflows/audit-store.ts';
import { DRILL_SAMPLE, drillStore } from '../../workflows/drill-store.ts';
import { recoverKeys } from '../../workflows/recover-keys.ts';
import { sealStore } from '../../workflows/seal-store.ts';
import { admitByWords, joinTeam, listTeam, removeMachine } from '../../workflows/team-machines.ts';
import type { AppCore } from '../app-core.ts';
import type { SealingService } from '../app-service.ts';
import type { OperationEnd } from '../news.ts';
import { endOf, withFailures } from '../operations/operation-end.ts';
import { failedEnd, type OperationHandle, type Operations } from '../operations/operations.ts';
import { runOptions } from '../operations/sync-runs.ts';
import type { PresentCore } from '../present-core.ts';

export interface SealingServiceParts {
  readonly present: PresentCore;
  readonly operations: Operations;
}

/** Who can read what lies in the store, for the windows. */
export function createSealingService({ present, operations }: SealingServiceParts): SealingService {
  // Held here and nowhere else until a person has it: events, the list of operations and the app log never see it.
  let recovery: string | null = null;

  async function seal(core: AppCore, newRecovery: boolean, handle: OperationHandle): Promise<OperationEnd> {
    const result = await sealStore(core, { ...runOptions('person', handle), newRecovery });
    if (result.ok) recovery = result.value.report.recovery ?? recovery;
    return endOf(result, ({ sealed, already, failed }) =>
      withFailures({ ...EMPTY_SUMMARY, sealed, unchanged: already }, failed.map(byPath)),
    );
  }

  const started = (
    kind: 'seal' | 'drill',
    key: string,
    run: (core: AppCore, handle: OperationHandle) => Promise<OperationEnd>,
  ): ReturnType<SealingService['drill']> => {
    const { id } = operations.start({ kind, cause: 'person', subject: null, key, lane: 'store' }, (handle) =>
      runOver(present, handle, run),
    );
    return Promise.resolve(ok({ operation: id }));
  };
  return {
    audit: () => present.use((core) => auditStore(core, NOBODY)),
    seal: ({ newRecovery }) =>
      started('seal', newRecovery ? 'seal recovery' : 'seal', (core, handle) =>
        seal(core, newRecovery, handle),
      ),
    recoveryKey({ kept }) {
      if (kept) recovery = null;
      return Promise.resolve(ok({ key: recovery }));
    },
    join: () => present.use((core) => joinTeam(core)),
    requests: () =>
      present.use(async (core) =>
        mapOk(await listTeam(core), ({ requests, ...team }) => ({
          ...team,
          requests: requests.map(({ machine, name, at, words, nameIsTaken }) => ({
            machine,
            name,
            at,
            words,
            nameIsTaken,
          })),
        })),
      ),
    admit: ({ machine, words }) =>
      present.use(async (core) => mapOk(await admitByWords(core, machine, words), ({ name }) => ({ name }))),
    remove: ({ recipient }) =>
      present.use(async (core) =>
        mapOk(await removeMachine(core, recipient), ({ gone, epoch }) => ({ name: gone.name, epoch })),
      ),
    recover: ({ text }) => present.use((core) => recoverKeys(core, text)),
    drill: () => started('drill', 'drill', drill),
  };
}

async function drill(core: AppCore, handle: OperationHandle): Promise<OperationEnd> {
  handle.report({ phase: 'verifying' });
  return endOf(await drillStore(core, DRILL_SAMPLE, handle.signal), ({ proved, failed }) =>
    withFailures({ ...EMPTY_SUMMARY, proved }, failed.map(byPath)),
  );
}

async function runOver(
  present: PresentCore,
  handle: OperationHandle,
  run: (core: AppCore, handle: OperationHandle) => Promise<OperationEnd>,
): Promise<OperationEnd> {
  const used = await present.use(async (core) => {
    handle.report({ phase: 'listing' });
    const end = await run(core, handle);
    handle.report({ phase: 'finishing', waitingFor: null });
    return ok(end);
  });
  return used.ok ? used.value : failedEnd(used.error);
}

/** An object of the store stands for its log. */
function byPath<E>({ name, error }: { readonly name: string; readonly error: E }): {
  readonly path: string;
  readonly error: E;
} {
  return { path: name, error };
}
