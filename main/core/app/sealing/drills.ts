import type { OperationCause } from '../../../../shared/ipc/operation.ts';
import { hashOf } from '../../../../shared/ipc/route.ts';
import { ok } from '../../../../shared/result.ts';
import { DRILL_SAMPLE, drillStore } from '../../workflows/drill-store.ts';
import type { AttentionList } from '../attention/attention-list.ts';
import type { Bus } from '../bus.ts';
import type { OperationEnd } from '../news.ts';
import { endOf, objectsSummary } from '../operations/operation-end.ts';
import { failedEnd, type OperationHandle, type Operations } from '../operations/operations.ts';
import type { PresentCore } from '../present-core.ts';

export interface DrillsParts {
  readonly present: PresentCore;
  readonly operations: Operations;
  readonly attention: Pick<AttentionList, 'replace'>;
  readonly bus: Bus;
}

/** Proofs of the backup. */
export interface Drills {
  /** Starts one. @returns its operation id */
  start(cause: OperationCause): string;
}

/** Proves the backup after each automatic full sync, once a week, and on request. */
export function createDrills(parts: DrillsParts): Drills {
  const start = (cause: OperationCause): string =>
    parts.operations.start({ kind: 'drill', cause, subject: null, key: 'drill', lane: 'store' }, (handle) =>
      run(parts, handle),
    ).id;
  parts.bus.on('operation.done', ({ kind, cause, outcome }) => {
    if (kind === 'full' && cause !== 'person' && outcome === 'done') start('schedule');
  });
  return { start };
}

async function run({ present, attention }: DrillsParts, handle: OperationHandle): Promise<OperationEnd> {
  const used = await present.use(async (core) => {
    handle.report({ phase: 'verifying' });
    const drilled = await drillStore(core, DRILL_SAMPLE, handle.signal);
    return ok(
      endOf(drilled, ({ proved, piecesProved, failed }) =>
        objectsSummary({ proved: proved + piecesProved }, failed),
      ),
    );
  });
  const end = used.ok ? used.value : failedEnd(used.error);
  const { error } = end;
  const route = hashOf({ view: 'settings', page: 'readers' });
  // An unreachable store says nothing about its content: earlier reports stay until a drill succeeds.
  if (error?.code === 'corrupt')
    attention.replace('drill', [{ kind: 'corrupt', subject: 'drill', error, answers: ['dismiss'], route }]);
  else if (error === null) attention.replace('drill', []);
  return end;
}
