import type { InitReport } from '../machine/init-report.ts';
import type { MachineKeys } from '../ports/machine-keys.ts';
import { findOtherAccount } from '../sync/claim-partition.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/**
 * What a plain `init` reports: what became of the identity, and whether another data folder of this computer writes its partition. The key of
 * this machine is made, if it is not there; a machine without one works, so why it has none is a notice.
 * @param signal ends the question to the store; a store that does not answer says nothing
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
