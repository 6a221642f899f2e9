import type { Command } from 'commander';
import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { forgetDeleted } from '../../core/workflows/forget-deleted.ts';
import { forgetLog } from '../../core/workflows/forget-log.ts';
import {
  listForgotten,
  type Confirmation,
  type ForgetReport,
  type Forgotten,
} from '../../core/workflows/forget-report.ts';
import { forgetSecret } from '../../core/workflows/forget-secret.ts';
import type { Outcome } from '../../core/workflows/outcome.ts';
import { confirmFirst } from '../ask.ts';
import type { CliContext } from '../cli-context.ts';
import { findLog } from '../find-log.ts';
import { withCore, withOutcome } from '../with-core.ts';

interface ForgetOptions {
  readonly secret?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

type Forget = (dryRun: boolean) => Answer<Outcome<ForgetReport>>;

/** `session-log forget`: removes a log, or a secret in logs, from everything this program reaches. */
export function registerForget(program: Command, context: CliContext): void {
  program
    .command('forget')
    .description(
      'remove a log of this machine, or a secret in its logs, here, in the store and on other machines',
    )
    .argument(
      '[log...]',
      'id, path, day or words, as `show` takes them; without one: what was forgotten, and who confirmed it',
    )
    .option('--secret <id>', 'forget one secret instead, wherever it stands; `secrets scan` shows its id')
    .option('--dry-run', 'show what would go, change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON envelope (with --yes or --dry-run)')
    .action((words: string[], options: ForgetOptions) => {
      const json = options.json ?? false;
      if (words.length === 0 && options.secret === undefined)
        return withCore(context, json, (core) => listForgotten(core), listText);
      return withOutcome(
        context,
        json,
        (core) => decide(core, words, options, context.signal),
        (report) => reportText(report, options.dryRun ?? false),
      );
    });
}

async function decide(
  core: Core,
  words: readonly string[],
  options: ForgetOptions,
  signal: AbortSignal,
): Answer<Outcome<ForgetReport>> {
  const forget = await forgetting(core, words, options.secret, signal);
  if (!forget.ok) return forget;
  const planned = options.yes && !options.dryRun ? null : await forget.value(true);
  if (planned !== null && (!planned.ok || options.dryRun)) return planned;
  const may = planned === null ? ok(undefined) : await ask(planned.value.report, options.json ?? false);
  return may.ok ? await forget.value(false) : may;
}

async function forgetting(
  core: Core,
  words: readonly string[],
  secret: string | undefined,
  signal: AbortSignal,
): Answer<Forget> {
  if (secret !== undefined)
    return words.length > 0
      ? fail('usage', 'Name a log or a secret, not both.', 'Run the command once for each.')
      : ok((dryRun) => forgetSecret(core, secret, { dryRun, signal }));
  const found = await findLog(core, words, {});
  if (found.ok && found.value.place === 'git')
    return ok((dryRun) => forgetDeleted(core, found.value, { dryRun }));
  const own = found.ok ? found.value.machine === core.sync.self.uuid : false;
  if (found.ok && !own) return err(ofAnother(found.value));
  if (found.ok) return ok((dryRun) => forgetLog(core, found.value.path, { dryRun, signal }));
  // An interrupted one is no longer in any list.
  const before = await listForgotten(core);
  if (!before.ok) return before;
  const again = before.value.find(({ log, what }) => what === 'log' && log === words.join(' '));
  return again === undefined ? found : ok((dryRun) => forgetLog(core, again.log, { dryRun, signal }));
}

function ask(report: ForgetReport, json: boolean): Answer<void> {
  return confirmFirst(json, {
    planned: reportText(report, true),
    question: 'Forget this for good?',
    noTerminal: 'There is no terminal to ask in.',
    remedy: 'Add --yes to forget it, or --dry-run to see what would go.',
    declined: 'Nothing was forgotten.',
  });
}

function ofAnother({ host, path, place }: LogRow): AppError {
  if (place === 'workspace')
    return appError(
      'invalid-input',
      `That log is a file of the workspace ${host}, which git keeps: it is not this program's to remove.`,
      `Remove ${path} there, commit that, and repeat the command.`,
    );
  return appError(
    'invalid-input',
    `That log is one of ${host}: only the machine that wrote a log can have it forgotten.`,
    `Run \`session-log forget\` on ${host}.`,
  );
}

function reportText(
  { what, logs, objects, files, remembered = [], notReached, machines }: ForgetReport,
  isTrial: boolean,
): string {
  if (objects.length + files.length + remembered.length === 0)
    return `Nothing ${isTrial ? 'would be' : 'was left to be'} forgotten: no file and no object of this machine has it.`;
  const [gone, waiting] = isTrial ? ['Would go', 'would be asked to drop theirs'] : ['Gone', 'drop theirs'];
  const head =
    what === 'log' ? `${gone}: ${logs.join(', ')}` : `${gone}: the secret, out of ${logs.join(', ')}`;
  return [
    head,
    ...files.map((file) => `  - ${file}`),
    ...objects.map((object) => `  - ${object}`),
    ...remembered.map((log) => `  - ${log}, in the lists and the search of this machine`),
    ...(machines.length === 0
      ? []
      : [`Other machines ${waiting} with the next pull: ${machines.map(confirmedText).join(', ')}`]),
    ...(notReached.length === 0 ? [] : ['Not reached:']),
    ...notReached.map(({ place, why }) => `  - ${place}: ${why}`),
    what === 'log'
      ? 'What an agent keeps of the session, and copies that people made, are not touched.'
      : 'A value that has left has to be changed where it is valid.',
  ].join('\n');
}

function listText(forgotten: readonly Forgotten[]): string {
  if (forgotten.length === 0) return 'Nothing was forgotten on this machine.';
  return forgotten
    .flatMap(({ log, what, at, machines }) => [
      `${dayOf(at)}  ${log}${what === 'secret' ? '  (a secret in it)' : ''}`,
      ...machines.map((machine) => `  ${confirmedText(machine)}`),
    ])
    .join('\n');
}

function confirmedText({ host, confirmed }: Confirmation): string {
  return confirmed === null ? `${host} (not confirmed yet)` : `${host} (dropped ${dayOf(confirmed)})`;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
