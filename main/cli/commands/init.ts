import type { Command } from 'commander';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseMachineUuid } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { initIdentity } from '../../core/machine/init-identity.ts';
import type { InitReport } from '../../core/machine/init-report.ts';
import { findOtherAccount } from '../../core/sync/claim-partition.ts';
import { partitionRecord } from '../../core/machine/partition-records.ts';
import type { CliContext } from '../cli-context.ts';
import { withCore } from '../with-core.ts';

export interface InitOptions {
  readonly newIdentity?: boolean;
  readonly account?: boolean;
  readonly adopt?: string;
  readonly json?: boolean;
}

/** `session-log init`: makes the data folder and this machine's identity; safe to repeat. */
export function registerInit(program: Command, context: CliContext): void {
  addInitOptions(program.command('init'))
    .description('make the data folder and this machine\u2019s identity (safe to repeat)')
    .action((options: InitOptions) => runInit(context, options));
}

/** The options, also for the ADR's own command name `session-log-init`. */
export function addInitOptions(command: Command): Command {
  return command
    .option('--new-identity', 'this machine is a copy of another: give it a UUID of its own')
    .option(
      '--account',
      'another account of this computer keeps logs, too: give this one a UUID of its own, always the same',
    )
    .option('--adopt <uuid>', 'this machine is the successor of that one: write its partition')
    .option('--json', 'print one JSON envelope');
}

/** Runs `init` and tells what came of it. */
export function runInit(context: CliContext, options: InitOptions): Promise<void> {
  return withCore(context, options.json ?? false, (core) => change(core, options, context.signal), initText);
}

/** A plain `init` works without a store, so it waits for one no longer than a person would. */
const STORE_PATIENCE_MS = 3_000;

/** In a container a user may have a number and no name. */
function accountName({ systemUser }: Pick<Core, 'systemUser'>): string {
  return systemUser === 'unknown' ? `user ${process.getuid?.() ?? ''}` : systemUser;
}

async function change(
  core: Core,
  options: InitOptions,
  signal: AbortSignal,
): Promise<Result<InitReport, AppError>> {
  const chosen = [options.newIdentity, options.account, options.adopt].filter((one) => one !== undefined);
  if (chosen.length > 1)
    return err(
      appError(
        'usage',
        'Choose one of --new-identity, --account and --adopt.',
        'See `session-log init --help`.',
      ),
    );
  if (options.account) return initIdentity(core.identityDeps, { mode: 'account', user: accountName(core) });
  if (options.newIdentity) return initIdentity(core.identityDeps, { mode: 'new-identity' });
  // Opening the core has made what was missing; what it did is what a plain `init` reports.
  if (options.adopt === undefined) {
    const other = await findOtherAccount(
      core.sync,
      AbortSignal.any([signal, AbortSignal.timeout(STORE_PATIENCE_MS)]),
    );
    const { identity } = core;
    if (other === null) return ok(identity);
    return ok({ ...identity, notices: [...identity.notices, `${other.message} ${other.remedy}`] });
  }
  const adopt = parseMachineUuid(options.adopt);
  if (!adopt.ok) return adopt;
  const claim = await partitionRecord(core.sync.store, core.sync.layout, adopt.value, signal);
  if (!claim.ok) return claim;
  return initIdentity(core.identityDeps, { mode: 'adopt', adopt: adopt.value, claim: claim.value });
}

const OUTCOME: Readonly<Record<InitReport['outcome'], string>> = {
  kept: 'This machine has its identity already.',
  created: 'This machine has an identity now.',
  completed: 'The identity was completed.',
  repaired: 'The damaged identity was restored.',
  split: 'This machine has a new identity of its own.',
  adopted: 'This machine goes on as the adopted one.',
};

function initText(report: InitReport): string {
  const { identity } = report;
  return [
    OUTCOME[report.outcome],
    `  ${identity.machine_uuid}  ${identity.hostname} (${identity.platform}, ${identity.model})`,
    ...report.notices.map((notice) => `  ! ${notice}`),
    ...(report.evidence === null ? [] : [`  The damaged file is kept as ${report.evidence}`]),
    ...(report.outcome === 'adopted' ? ['  Next: `session-log sync --full` brings its logs here.'] : []),
  ].join('\n');
}
