import type { Command } from 'commander';
import { plural } from '../../../shared/format/amount.ts';
import { identityCard, type IdentityCard } from '../../core/machine/identity-card.ts';
import { partitionRecords } from '../../core/machine/partition-records.ts';
import type { CliContext } from '../cli-context.ts';
import { withCore } from '../with-core.ts';

/** `session-log machine`: this machine's identity card. */
export function registerMachine(program: Command, context: CliContext): void {
  program
    .command('machine')
    .description('this machine\u2019s identity: UUID, matching hardware, lineage')
    .option('--store', 'also look in the store for partitions that may be this machine\u2019s older self')
    .option('--json', 'print one JSON envelope')
    .action((options: { readonly store?: boolean; readonly json?: boolean }) =>
      withCore(
        context,
        options.json ?? false,
        async (core) => {
          const partitions = options.store
            ? await partitionRecords(core.sync.store, core.sync.layout, context.signal)
            : null;
          if (partitions && !partitions.ok) return partitions;
          return identityCard(core.identityDeps, partitions?.ok ? partitions.value : []);
        },
        cardText,
      ),
    );
}

const PLACE = {
  same: 'the hardware is as recorded',
  changed: 'part of the hardware has changed; the identity stays',
  elsewhere:
    'the data folder seems to come from another machine: if that one is still in use, run session-log init --new-identity',
} as const;

function cardText(card: IdentityCard): string {
  const { identity, match } = card;
  const parts = match.states.map(({ name, state }) => `${name} ${state}`).join(', ');
  return [
    `UUID        ${identity.machine_uuid}`,
    `Host        ${identity.hostname}${card.hostnameNow === null ? '' : ` (now ${card.hostnameNow})`}`,
    `Platform    ${identity.platform} ${identity.platform_version}`.trimEnd(),
    `Model       ${identity.model}`,
    `Created     ${identity.created}`,
    `Hardware    ${match.matching} of ${plural(match.of, 'part')} match: ${PLACE[card.place]}`,
    ...(parts === '' ? [] : [`            ${parts}`]),
    ...card.problems.map((problem) => `            ! ${problem}`),
    ...identity.previous.map(
      ({ machine_uuid, until, reason }) => `Before      ${machine_uuid} until ${until}: ${reason}`,
    ),
    ...card.adoptable.map(
      ({ machine, hostname, matching, of }) =>
        `May be      ${machine} (${hostname}, ${matching} of ${of} parts): session-log init --adopt ${machine}`,
    ),
    `File        ${card.path}`,
  ].join('\n');
}
