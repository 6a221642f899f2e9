import type { Command } from 'commander';
import { formatBytes, plural } from '../../../shared/format/amount.ts';
import type { StorePolicy } from '../../core/sealing/store-policy.ts';
import { printPolicy } from '../../core/workflows/print-policy.ts';
import { sealStore, type SealReport } from '../../core/workflows/seal-store.ts';
import type { CliContext } from '../cli-context.ts';
import { several } from '../parse-options.ts';
import { progressLine } from '../progress-line.ts';
import { withCore, withOutcome } from '../with-core.ts';

interface SealCliOptions {
  readonly dryRun?: boolean;
  readonly newRecovery?: boolean;
  readonly json?: boolean;
}

interface PolicyCliOptions {
  readonly bucket?: string;
  readonly machine?: readonly string[];
  readonly json?: boolean;
}

/** `session-log store`: sealing, and who may do what in a bucket. */
export function registerStore(program: Command, context: CliContext): void {
  const store = program.command('store').description('seal what lies in the store; rights for a bucket');
  store
    .command('seal')
    .description('encrypt what this machine has in the store, and all that it stores from now on')
    .option('--dry-run', 'say what would be sealed, change nothing')
    .option('--new-recovery', 'make another recovery key, and show it once')
    .option('--json', 'print one JSON envelope')
    .action((options: SealCliOptions) => runSeal(context, options));
  store
    .command('policy')
    .description('print the least rights for each machine: gcloud commands and Terraform')
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
  await withOutcome(
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
    (report) => sealText(report, options.dryRun ?? false),
  );
}

function sealText(report: SealReport, isTrial: boolean): string {
  const { epoch, sealed, already, waiting, bytes, failed, members, recovery } = report;
  const who = members.map(({ name }) => name).join(', ');
  if (isTrial)
    return [
      `${plural(waiting, 'object')} of this machine would be sealed (${formatBytes(bytes)}); ${already} are.`,
      ...(epoch === null
        ? [
            'The store is in the clear. Sealing it makes a key for the team, and a recovery key that is shown once.',
          ]
        : [`Epoch ${epoch}. Who can read: ${who}.`]),
      'Machines that have not joined cannot push to a sealed store, and programs without sealing cannot read it.',
    ].join('\n');
  return [
    `${plural(sealed, 'object')} sealed, ${already} were; ${waiting} to do. Epoch ${epoch ?? ''}.`,
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
