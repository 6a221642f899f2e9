import type { InitReport } from '../machine/init-report.ts';
import { findOtherAccount } from '../sync/claim-partition.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/**
 * What a plain `init` reports: what became of the identity, and whether another data folder of this computer writes its partition.
 * @param signal ends the question to the store; a store that does not answer says nothing
 */
export async function identityHere(
  report: InitReport,
  sync: Pick<SyncDeps, 'self' | 'store' | 'layout'>,
  signal: AbortSignal,
): Promise<InitReport> {
  const other = await findOtherAccount(sync, signal);
  if (other === null) return report;
  return { ...report, notices: [...report.notices, `${other.message} ${other.remedy}`] };
}
