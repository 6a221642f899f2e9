import { resolve } from 'node:path';
import type { Answer } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import type { LogCopy, NearbyTree } from '../../../shared/ipc/setup.ts';
import { ok } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { openGitTools } from '../../compose/git-tools.ts';
import type { MigrateDeps } from '../../core/migrate/migrate.ts';
import { copyLogs, knownMachines, type Machines } from '../../core/workflows/copy-logs.ts';
import type { Asker } from '../ask.ts';
import { stopped, type SetupRun } from './setup-run.ts';

/** The result of copying: lines for people, and how to remove the copies again. */
export interface CopyDone {
  readonly says: readonly string[];
  readonly undo: readonly string[];
}

interface CopyWork extends Machines {
  readonly deps: MigrateDeps;
  readonly run: SetupRun;
}

/**
 * Copies logs that no workspace lists into the data folder. Interactively, each repository is shown and asked about; otherwise those named
 * by `--copy-logs` are copied, and with `--yes` also their logs that name no machine.
 * @param trees nearby repositories with such logs
 */
export async function copyNearby(run: SetupRun, trees: readonly NearbyTree[]): Answer<CopyDone> {
  const { asker, options, context } = run;
  const named = (options.copyLogs ?? []).map((folder) => resolve(context.cwd, folder));
  const roots = asker === null || named.length > 0 ? named : trees.map(({ root }) => root);
  const hints = asker === null && named.length === 0 ? trees.map(hintOf) : [];
  if (roots.length === 0) return ok({ says: hints, undo: [] });
  const core = await context.core();
  if (!core.ok) return core;
  try {
    const machines = await knownMachines(core.value.sync);
    if (!machines.ok) return machines;
    const work = { ...machines.value, deps: depsOf(core.value), run };
    const [says, undo]: [string[], string[]] = [[...hints], []];
    for (const root of roots) {
      const copied = asker === null ? await copyNamed(work, root) : await askCopy(work, asker, root);
      if (!copied.ok) return copied;
      says.push(...copied.value.says);
      undo.push(...copied.value.undo);
    }
    return ok({ says, undo });
  } finally {
    await core.value.close();
  }
}

function depsOf(core: Core): MigrateDeps {
  const { bytes, random, clock } = core.sync;
  return { ...openGitTools(), files: core.disk, bytes, random, clock, paths: core.paths };
}

function copy(work: CopyWork, root: string, takeUnnamed: boolean, dryRun: boolean): Answer<LogCopy> {
  const { deps, self, machines, run } = work;
  return copyLogs(deps, { root, takeUnnamed, dryRun, self, machines, signal: run.context.signal });
}

async function copyNamed(work: CopyWork, root: string): Answer<CopyDone> {
  const takeUnnamed = work.run.options.yes === true;
  const copied = await copy(work, root, takeUnnamed, false);
  if (!copied.ok) return copied;
  const { unnamed } = copied.value;
  const left =
    unnamed.logs === 0 || takeUnnamed
      ? []
      : [
          `${plural(unnamed.logs, 'log')} there name no machine and were left: add --yes if they were written on this one.`,
        ];
  return ok(doneOf(copied.value, left));
}

async function askCopy(work: CopyWork, asker: Asker, root: string): Answer<CopyDone> {
  const first = await copy(work, root, false, true);
  // One unreadable repository does not affect the others.
  if (!first.ok) return ok({ says: [`${root}: ${first.error.message}`], undo: [] });
  const { unnamed } = first.value;
  if (first.value.logs + unnamed.logs === 0) return ok({ says: [], undo: [] });
  asker.say(`${root} holds logs where a workspace does not look: ${first.value.folders.join(', ')}.`);
  const mine =
    unnamed.logs > 0 &&
    (await asker.confirm(
      `${plural(unnamed.logs, 'log')} by ${unnamed.authors.join(', ')} name no machine. Were they written on this one?`,
      false,
    ));
  if (mine === null) return stopped();
  const plan = mine ? await copy(work, root, true, true) : first;
  if (!plan.ok) return plan;
  for (const line of planLines(plan.value)) asker.say(line);
  if (plan.value.logs === 0) return ok({ says: [], undo: [] });
  const wanted = await asker.confirm('Copy them into your data folder? Git stays as it is.', true);
  if (wanted === null) return stopped();
  if (!wanted) return ok({ says: [], undo: [] });
  const copied = await copy(work, root, mine, false);
  return copied.ok ? ok(doneOf(copied.value, [])) : copied;
}

function planLines({ logs, days, target, already, elsewhere, refused, passedOver }: LogCopy): string[] {
  const when = days === null ? '' : `, ${days.first} to ${days.last}`;
  return [
    logs === 0 ? 'Nothing would be copied.' : `Would copy ${plural(logs, 'log')}${when}, to ${target}.`,
    ...(already > 0 ? [`  ${already} copied before`] : []),
    ...elsewhere.map(
      ({ machine, logs: count }) => `  ${plural(count, 'log')} of ${machine} left for that machine`,
    ),
    ...refused.map(({ path, problem }) => `  ${path} left: ${problem}`),
    ...(passedOver > 0 ? [`  ${plural(passedOver, 'file')} about logs left`] : []),
  ];
}

function doneOf({ workspace, logs, already }: LogCopy, left: readonly string[]): CopyDone {
  const before = already > 0 ? `; ${already} copied before` : '';
  return {
    says: [`Copied ${plural(logs, 'log')} of ${workspace}${before}.`, ...left],
    undo: logs === 0 ? [] : [`session-log migrate "${workspace}" --undo`],
  };
}

function hintOf({ name, root, unlisted }: NearbyTree): string {
  return `Logs in ${name} (${unlisted.join(', ')}) are not listed by a workspace: --copy-logs ${root}`;
}
