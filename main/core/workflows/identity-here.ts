import type { InitReport } from '../machine/init-report.ts';
import type { MachineKeys } from '../ports/machine-keys.ts';
import { findOtherAccount } from '../sync/claim-partition.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/**
 * Reports on a plain `init`: the state of the identity, and whether another data folder of this computer writes its partition. Creates this
 * machine's key if absent; a machine without one works, so the reason is a notice.
 * @param signal ends the query to the store; no answer means nothing
 */
export async function identityHere(
  report: InitReport,
  sync: Pick<SyncDeps, 'self' | 'store' | 'layout'>,
  machineKeys: Pick<MachineKeys, 'recipient'>,
  signal: AbortSignal,
): Promise<InitReport> {
  const other = await findOtherAccount(sync, signal);
  const key = await machineKeys.recipient();
  const problems = [...(other === null ? [] : [other]), ...(key.ok ? [] : [key.error])];
  const notices = problems.map(({ message, remedy }) => `${message} ${remedy}`);
  return { ...report, notices: [...report.notices, ...notices] };
}
