import type { Answer } from '../../../shared/app-error.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { ok } from '../../../shared/result.ts';
import { putWorkspaceRows } from '../workspaces/workspace-rows.ts';
import type { ForgetReport } from './forget-report.ts';
import type { Outcome } from './outcome.ts';
import type { StoreBase } from './store-base.ts';

/**
 * Takes a log that git has deleted out of the lists and the search of this machine. What git keeps of it stays, and so does what other
 * machines remember.
 * @param row whose `place` is `git`
 */
export async function forgetDeleted(
  { sync, textSink }: StoreBase,
  { machine, host, path, commit }: LogRow,
  { dryRun = false }: { readonly dryRun?: boolean },
): Answer<Outcome<ForgetReport>> {
  const report: ForgetReport = {
    what: 'log',
    logs: [path],
    objects: [],
    files: [],
    remembered: [`${host}/${path}`],
    notReached: [{ place: `commit ${commit ?? ''} of ${host}`, why: 'git keeps it, in every clone' }],
    machines: [],
  };
  const workspace = (await sync.surroundings.workspaces()).find((one) => one.machine === machine);
  if (dryRun || workspace === undefined) return ok({ report, problem: null });
  const entries = await sync.index.entries(machine);
  if (!entries.ok) return entries;
  const others = entries.value.filter((entry) => entry.path !== path || entry.commit === undefined);
  const put = await putWorkspaceRows(sync, workspace, others);
  if (!put.ok) return put;
  const dropped = (await textSink?.drop([{ machine, path }])) ?? ok(undefined);
  return dropped.ok ? ok({ report, problem: null }) : dropped;
}
