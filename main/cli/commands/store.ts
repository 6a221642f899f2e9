import type { Command } from 'commander';
import { ok } from '../../../shared/result.ts';
import { formatBytes, formatCount, plural } from '../../../shared/format/amount.ts';
import type { Core } from '../../compose/core.ts';
import type { StorePolicy } from '../../core/sealing/store-policy.ts';
import { printPolicy } from '../../core/workflows/print-policy.ts';
import { keepRecovery, sealStore, type SealReport } from '../../core/workflows/seal-store.ts';
import { unsealStore, type UnsealReport } from '../../core/workflows/unseal-store.ts';
import { confirmFirst } from '../ask.ts';
import { finish, finishOutcome, type CliContext } from '../cli-context.ts';
import { several } from '../parse-options.ts';
import { progressLine } from '../progress-line.ts';
import { overCore, withCore, withOutcome } from '../with-core.ts';

interface SealCliOptions {
  readonly dryRun?: boolean;
  readonly newRecovery?: boolean;
  readonly json?: boolean;
}

interface UnsealCliOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

interface PolicyCliOptions {
  readonly bucket?: string;
  readonly machine?: readonly string[];
  readonly json?: boolean;
}

/** `session-log store`: sealing, and permissions in a bucket. */
export function registerStore(program: Command, context: CliContext): void {
  const store = program.command('store').description('seal or unseal the store; rights for a bucket');
  store
    .command('seal')
    .description('encrypt what this machine has in the store, and everything it stores from now on')
    .option('--dry-run', 'say what would be sealed, change nothing')
    .option('--new-recovery', 'make another recovery key, and show it once')
    .option('--json', 'print one JSON envelope')
    .action((options: SealCliOptions) => runSeal(context, options));
  store
    .command('unseal')
    .description(
      'put what this machine has in the store there in the clear, and all that it stores from now on',
    )
    .option('--dry-run', 'say what would be in the clear and who could read it, change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON envelope (with --yes or --dry-run)')
    .action((options: UnsealCliOptions) => runUnseal(context, options));
  store
    .command('policy')
    .description('print least-privilege rights for each machine, as gcloud commands and Terraform')
    .option('--bucket <url>', 'gs://BUCKET or gs://BUCKET/PREFIX (default: the store)')
    .option(
      '--machine <uuid>',
      'for a machine that is not in the index yet, as its `session-log machine` says; may be repeated (default: every machine of the index)',
      several,
    )
    .option('--json', 'print one JSON envelope')
    .action((options: PolicyCliOptions) =>
      withCore(
        context,
        options.json ?? false,
        (core) => printPolicy(core, options.bucket ?? core.sync.store.url, options.machine),
        policyText,
      ),
    );
}

async function runSeal(context: CliContext, options: SealCliOptions): Promise<void> {
  const json = options.json ?? false;
  const progress = progressLine(context, json);
  await overCore(
    context,
    json,
    async (core) => {
      const done = await sealStore(core, {
        signal: context.signal,
        dryRun: options.dryRun ?? false,
        newRecovery: options.newRecovery ?? false,
        ...(progress.onProgress ? { onProgress: progress.onProgress } : {}),
      });
      progress.clear();
      return done;
    },
    async (done, core) => {
      if (!done.ok) return finish(context, json, done, () => '');
      finishOutcome(context, json, done.value, (report) => sealText(report, options.dryRun ?? false));
      // Only now, so that a run that is killed before it has printed the key loses none. If this fails, the next run creates another.
      if (done.value.report.recovery !== null) await keepRecovery(core);
    },
  );
}

async function runUnseal(context: CliContext, options: UnsealCliOptions): Promise<void> {
  const { dryRun = false, yes = false, json = false } = options;
  const progress = progressLine(context, json);
  const run = (core: Core, isTrial: boolean): ReturnType<typeof unsealStore> =>
    unsealStore(core, {
      signal: context.signal,
      dryRun: isTrial,
      ...(progress.onProgress ? { onProgress: progress.onProgress } : {}),
    });
  await withOutcome(
    context,
    json,
    async (core) => {
      const planned = yes && !dryRun ? null : await run(core, true);
      if (planned !== null && (!planned.ok || dryRun)) return planned;
      const may =
        planned === null
          ? ok(undefined)
          : await confirmFirst(json, {
              planned: unsealText(planned.value.report, true),
              question: 'Put it in the clear?',
              noTerminal: 'There is no terminal to ask in, and nothing was changed.',
              remedy: 'Add --yes to put it in the clear, or --dry-run to see who could read it.',
              declined: 'Nothing was changed.',
            });
      if (!may.ok) return may;
      const done = await run(core, false);
      progress.clear();
      return done;
    },
    (report) => unsealText(report, dryRun),
  );
}

function unsealText(report: UnsealReport, isTrial: boolean): string {
  const { store, unsealed, waiting, bytes, staySealed, failed, former } = report;
  const readers = [
    'its owner',
    'a leaked login',
    'a backup of it',
    ...former.map((name) => `${name}, which was taken out`),
  ];
  return [
    isTrial
      ? `${plural(waiting, 'object')} of this machine (${formatBytes(bytes)}) would lie in the clear, and all that it stores from now on.`
      : `${plural(unsealed, 'object')} in the clear; ${waiting} to do.${staySealed > 0 ? ` ${staySealed} stay sealed: earlier versions with secrets in them.` : ''}`,
    ...failed.map(({ name, error }) => `  ! ${name}: ${error.message}\n    ${error.remedy}`),
    `Whoever can read ${store} can read them then: ${readers.join('; ')}.`,
    'Secrets that are found stay on this machine, with labels in their place; copies of sessions that are sealed stay so.',
    'Other machines go on sealing until somebody says otherwise there, and new ones still have to be let in. The way back: `session-log store seal`.',
  ].join('\n');
}

function sealText(report: SealReport, isTrial: boolean): string {
  const { epoch, sealed, already, waiting, bytes, failed, members, recovery } = report;
  const who = members.map(({ name }) => name).join(', ');
  if (isTrial)
    return [
      `${plural(waiting, 'object')} of this machine would be sealed (${formatBytes(bytes)}); ${formatCount(already)} already sealed.`,
      ...(epoch === null
        ? [
            'The store is in the clear. Sealing it makes a key for the team, and a recovery key that is shown once.',
          ]
        : [`Epoch ${epoch}. Who can read: ${who}.`]),
      'Machines that have not joined cannot push to a sealed store, and programs without sealing cannot read it.',
    ].join('\n');
  return [
    `${plural(sealed, 'object')} sealed, ${formatCount(already)} before; ${formatCount(waiting)} left to do. Epoch ${epoch ?? ''}.`,
    ...failed.map(({ name, error }) => `  ! ${name}: ${error.message}\n    ${error.remedy}`),
    ...(who === '' ? [] : [`Who can read: ${who}.`]),
    ...(recovery === null
      ? []
      : [
          '',
          'The recovery key. It is shown this once: print it, and keep it where no computer is.',
          'With it everything can be read again when every machine is lost (`session-log recover`).',
          '',
          `  ${recovery}`,
          '',
          'What was in the clear before may be kept by the bucket for some days (soft delete, versions).',
          'Next, on each other machine: `session-log machines join`, then `session-log store seal` there.',
        ]),
  ].join('\n');
}

function policyText({ gcloud, terraform, gives }: StorePolicy): string {
  return [
    ...gives.map((line) => `# ${line}`),
    '',
    '# With gcloud:',
    gcloud,
    '# Or with Terraform:',
    terraform,
  ].join('\n');
}
