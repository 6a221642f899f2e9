import type { Command } from 'commander';
import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { parseMachineUuid } from '../../../shared/domain/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { initIdentity, type InitRequest } from '../../core/machine/init-identity.ts';
import type { InitReport } from '../../core/machine/init-report.ts';
import { identityHere } from '../../core/workflows/identity-here.ts';
import { partitionRecord } from '../../core/machine/partition-records.ts';
import { resolveHome } from '../../compose/paths.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { withCore } from '../with-core.ts';

export interface InitOptions {
  readonly newIdentity?: boolean;
  readonly account?: boolean;
  readonly adopt?: string;
  readonly json?: boolean;
}

/** `session-log init`: creates the data folder and this machine's identity; safe to repeat. */
export function registerInit(program: Command, context: CliContext): void {
  addInitOptions(program.command('init'))
    .description('create the data folder and this machine\u2019s identity (safe to repeat)')
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
    .option('--adopt <uuid>', 'this machine succeeds that one: continue its partition')
    .option('--json', 'print one JSON envelope');
}

/** Runs `init` and prints its result. */
export function runInit(context: CliContext, options: InitOptions): Promise<void> {
  const json = options.json ?? false;
  const asked = options.newIdentity === true || options.account === true || options.adopt !== undefined;
  return asked
    ? changeOverDamage(context, json, options)
    : withCore(context, json, (core) => change(core, options, context.signal), initText);
}

/** Like {@link change}; a damaged identity keeps the core from opening, and this is its repair. */
async function changeOverDamage(context: CliContext, json: boolean, options: InitOptions): Promise<void> {
  const core = await context.core();
  if (core.ok) {
    const done = await change(core.value, options, context.signal);
    await core.value.close();
    return finish(context, json, done, initText);
  }
  const isIdentity = core.error.code === 'corrupt' && core.error.details?.['computed'] !== undefined;
  if (!isIdentity) return finish(context, json, core, () => '');
  const home = resolveHome();
  if (!home.ok) return finish(context, json, home, () => '');
  const { openIdentity } = await import('../../compose/node.ts');
  const deps = openIdentity(home.value);
  const request = requestOf(options);
  return finish(context, json, request.ok ? await initIdentity(deps, request.value) : request, initText);
}

/** The request if no store can be consulted about it. */
function requestOf(options: InitOptions): Result<InitRequest, AppError> {
  const one = onlyOne(options);
  if (!one.ok) return one;
  if (options.newIdentity) return ok({ mode: 'new-identity' });
  if (options.account) return ok({ mode: 'account' });
  const adopt = parseMachineUuid(options.adopt ?? '');
  return adopt.ok ? ok({ mode: 'adopt', adopt: adopt.value, claim: null }) : adopt;
}

function onlyOne(options: InitOptions): Result<void, AppError> {
  const chosen = [options.newIdentity, options.account, options.adopt].filter((one) => one !== undefined);
  if (chosen.length > 1)
    return fail(
      'usage',
      'Choose one of --new-identity, --account and --adopt.',
      'See `session-log init --help`.',
    );
  return ok(undefined);
}

/** A plain `init` works without a store, so it waits no longer for one than a person would. */
const STORE_PATIENCE_MS = 3_000;

async function change(core: Core, options: InitOptions, signal: AbortSignal): Answer<InitReport> {
  const one = onlyOne(options);
  if (!one.ok) return one;
  if (options.account) return initIdentity(core.identityDeps, { mode: 'account' });
  if (options.newIdentity) return initIdentity(core.identityDeps, { mode: 'new-identity' });
  // Opening the core has created what was missing; a plain `init` reports that.
  if (options.adopt === undefined) {
    const signals = AbortSignal.any([signal, AbortSignal.timeout(STORE_PATIENCE_MS)]);
    return ok(await identityHere(core.identity, core.sync, core.machineKeys, signals));
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
