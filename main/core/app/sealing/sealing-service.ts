import { mapOk, ok } from '../../../../shared/result.ts';
import { auditStore, NOBODY } from '../../workflows/audit-store.ts';
import { inviteColleague } from '../../workflows/invite-colleague.ts';
import { recoverKeys } from '../../workflows/recover-keys.ts';
import { keepRecovery, sealStore } from '../../workflows/seal-store.ts';
import { admitByWords, joinTeam, listTeam, removeMachine } from '../../workflows/team-machines.ts';
import { unsealStore } from '../../workflows/unseal-store.ts';
import type { SealingService } from '../app-service.ts';
import type { OperationEnd } from '../news.ts';
import { endOf, objectsSummary } from '../operations/operation-end.ts';
import { failedEnd, type OperationHandle, type Operations } from '../operations/operations.ts';
import { runOptions } from '../operations/sync-runs.ts';
import type { PresentCore } from '../present-core.ts';
import type { Drills } from './drills.ts';
import type { Git } from '../../ports/git.ts';
import type { JoinRequests } from './join-requests.ts';

export interface SealingServiceParts {
  readonly present: PresentCore;
  readonly operations: Operations;
  readonly drills: Drills;
  readonly joins: JoinRequests;
  readonly git: Git;
}

/** Who can read the store, for the windows. */
export function createSealingService({
  present,
  operations,
  drills,
  joins,
  git,
}: SealingServiceParts): SealingService {
  // Held only here until a person has it: events, the list of operations and the app log never see it.
  let recovery: string | null = null;

  async function seal(newRecovery: boolean, handle: OperationHandle): Promise<OperationEnd> {
    const used = await present.use(async (core) => {
      handle.report({ phase: 'listing' });
      const result = await sealStore(core, {
        ...runOptions('person', handle),
        newRecovery,
        recoveryShown: recovery !== null,
      });
      if (result.ok) recovery = result.value.report.recovery ?? recovery;
      handle.report({ phase: 'finishing', waitingFor: null });
      return ok(
        endOf(result, ({ sealed, already, failed }) =>
          objectsSummary({ sealed, unchanged: already }, failed),
        ),
      );
    });
    return used.ok ? used.value : failedEnd(used.error);
  }

  return {
    audit: () => present.use((core) => auditStore({ ...core, git }, NOBODY)),
    seal({ newRecovery }) {
      const key = newRecovery ? 'seal recovery' : 'seal';
      const spec = { kind: 'seal', cause: 'person', subject: null, key, lane: 'store' } as const;
      const { id } = operations.start(spec, (handle) => seal(newRecovery, handle));
      return Promise.resolve(ok({ operation: id }));
    },
    unseal() {
      const spec = { kind: 'unseal', cause: 'person', subject: null, key: 'unseal', lane: 'store' } as const;
      const { id } = operations.start(spec, (handle) => runUnseal(present, handle));
      return Promise.resolve(ok({ operation: id }));
    },
    async recoveryKey({ kept }) {
      if (!kept) return ok({ key: recovery });
      recovery = null;
      return mapOk(await present.use((core) => keepRecovery(core)), () => ({ key: null }));
    },
    invite: () => present.use(async (core) => inviteColleague(core)),
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
    async admit({ machine, words }) {
      const admitted = await present.use((core) => admitByWords(core, machine, words));
      if (admitted.ok) await joins.look();
      return mapOk(admitted, ({ name }) => ({ name }));
    },
    remove: ({ recipient }) =>
      present.use(async (core) =>
        mapOk(await removeMachine(core, recipient), ({ gone, epoch }) => ({ name: gone.name, epoch })),
      ),
    recover: ({ text }) => present.use((core) => recoverKeys(core, text)),
    drill: () => Promise.resolve(ok({ operation: drills.start('person') })),
  };
}

async function runUnseal(present: PresentCore, handle: OperationHandle): Promise<OperationEnd> {
  const used = await present.use(async (core) => {
    handle.report({ phase: 'listing' });
    const result = await unsealStore(core, runOptions('person', handle));
    handle.report({ phase: 'finishing', waitingFor: null });
    return ok(
      endOf(result, ({ unsealed, staySealed, failed }) =>
        objectsSummary({ unsealed, unchanged: staySealed }, failed),
      ),
    );
  });
  return used.ok ? used.value : failedEnd(used.error);
}
