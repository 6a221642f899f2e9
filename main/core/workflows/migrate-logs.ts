import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { err } from '../../../shared/result.ts';
import { migrate, type MigrateDeps, type MigrateReport, type MigrateRequest } from '../migrate/migrate.ts';
import { knownMachines, type MachinesBase } from './copy-logs.ts';

export { undoMigration } from '../migrate/undo-migration.ts';

export interface MigrateLogsRequest extends Pick<MigrateRequest, 'repo' | 'from' | 'history' | 'mode'> {
  /** Owner of logs that name no machine: this machine or another; null if undecided. */
  readonly unknown: 'ours' | 'theirs' | null;
}

/**
 * Moves session logs out of a git repository. Plans first, and changes nothing while the owner of logs that name no machine is undecided.
 * @param ask asks a person whether they are this machine's; null where nobody is there
 * @returns `attention` when such logs would be left and nobody could be asked
 */
export async function migrateLogs(
  deps: MigrateDeps,
  sync: MachinesBase,
  { unknown, mode, ...from }: MigrateLogsRequest,
  ask: ((report: MigrateReport) => Promise<boolean>) | null,
): Answer<MigrateReport> {
  const machines = await knownMachines(sync);
  if (!machines.ok) return machines;
  const request = { ...from, ...machines.value };
  const isOurs = unknown === 'ours';
  const looked = await migrate(deps, { ...request, takeUnknown: isOurs, mode: 'report' });
  if (!looked.ok || mode === 'report') return looked;
  const isOpen = unknown === null && looked.value.unknown.length > 0;
  if (isOpen && ask === null) return err(whoseLogs(looked.value, sync.self.hostname));
  const takeUnknown = isOurs || (isOpen && ask !== null && (await ask(looked.value)));
  return migrate(deps, { ...request, takeUnknown, mode });
}

function whoseLogs({ unknown }: MigrateReport, host: string): AppError {
  return appError(
    'attention',
    `${plural(unknown.length, 'log')} name no machine.`,
    `Say whose they are: --machine ${host} for this machine, or another machine\u2019s name.`,
    { details: { unknown } },
  );
}
