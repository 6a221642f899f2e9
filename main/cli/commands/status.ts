import type { Command } from 'commander';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import { formatBytes, plural } from '../../../shared/format/amount.ts';
import { ago, span, until } from '../../../shared/format/time.ts';
import { lostLogs } from '../../core/ledger/lost-logs.ts';
import { status, type Status } from '../../core/workflows/status.ts';
import type { SyncMark } from '../../core/status/sync-journal.ts';
import { ok } from '../../../shared/result.ts';
import type { BucketFacts } from '../../../shared/domain/bucket-facts.ts';
import { sessionsHere, sessionsLines } from '../sessions-here.ts';
import { setupHere, setupLines } from '../setup-here.ts';
import type { CliContext } from '../cli-context.ts';
import { textTable } from '../text-table.ts';
import { withCore } from '../with-core.ts';

/** `session-log status`: the overall state, from this disk alone. */
export function registerStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('what is here, what is not pushed yet, the last syncs, and every machine')
    .option('--check', 'also check that the store is reachable and the credentials work')
    .option('--json', 'print one JSON envelope')
    .action((options: StatusCliOptions) => runStatus(context, options));
}

interface StatusCliOptions {
  readonly check?: boolean;
  readonly json?: boolean;
}

/** Prints the status. */
export function runStatus(context: CliContext, options: StatusCliOptions): Promise<void> {
  return withCore(
    context,
    options.json ?? false,
    async (core) => {
      const [found, setup, sessions] = await Promise.all([
        status(core, {
          check: options.check ?? false,
          signal: context.signal,
        }),
        setupHere(core, context.cwd),
        sessionsHere(core, context.signal),
      ]);
      return found.ok ? ok({ ...found.value, setup, sessions }) : found;
    },
    (value) => statusText(value, Date.now(), [...setupLines(value.setup), ...sessionsLines(value.sessions)]),
  );
}

/**
 * Formats the status for people.
 * @param more lines about the person, below those about the logs
 */
export function statusText(
  value: Status,
  now: number,
  more: readonly (readonly [name: string, text: string])[] = [],
): string {
  const { local, store } = value;
  const waiting =
    local.unsynced === 0
      ? local.lost + local.refused.length === 0
        ? 'all pushed'
        : 'nothing to push'
      : `${local.unsynced} not pushed yet (${formatBytes(local.unsyncedBytes)})`;
  const stay = local.staysHere === 0 ? '' : `; ${plural(local.staysHere, 'log')} of them stay here`;
  return [
    field('Machine', `${value.machine.host}  ${value.machine.uuid}`),
    field('Logs here', `${plural(local.logs, 'log')}, ${formatBytes(local.bytes)}; ${waiting}${stay}`),
    ...lostText(local.lost),
    ...more.map(([name, text]) => field(name, text)),
    ...local.refused.map(({ path, problem }) => field('', `! ${path}: ${problem}`)),
    field('Store', `${store.url}  (tenant ${store.tenant})`),
    ...(store.sameDisk
      ? [
          field('', 'This is on the same disk as your logs, so it isn’t a backup. To connect a bucket:'),
          field('', '  session-log config set store.url gs://BUCKET'),
        ]
      : []),
    ...probeText(value),
    field('Last push', markText(store.journal.marks.push, now, store.due.push)),
    field('Last index', markText(store.journal.marks.index, now, null)),
    field('Last full', markText(store.journal.marks.full, now, store.due.full)),
    ...(value.queued > 0
      ? [
          field(
            'Queued',
            `${plural(value.queued, 'request')} from agent sessions; ${value.queued === 1 ? 'it runs' : 'they run'} with the next sync`,
          ),
        ]
      : []),
    '',
    machinesText(value.machines ?? [], now),
  ].join('\n');
}

/** Formats the machines in the index as a table. */
export function machinesText(machines: readonly MachineRow[], now: number): string {
  if (machines.length === 0)
    return 'No machine is in the index yet: each comes with its first log. `session-log sync --index` looks for others.';
  return textTable(
    [
      { title: 'MACHINE' },
      { title: 'UUID' },
      { title: 'LOGS', right: true },
      { title: 'SIZE', right: true },
      { title: 'CACHED', right: true },
      { title: 'LAST LOG' },
      { title: 'LAST SEEN' },
    ],
    machines.map((row) => [
      row.own ? `${row.host} (this one)` : row.host,
      row.machine.slice(0, 8),
      String(row.logs),
      formatBytes(row.bytes),
      row.own ? '' : String(row.cachedLogs),
      row.lastDate ?? '',
      row.lastSeen === null ? 'never' : ago(row.lastSeen, now),
    ]),
  );
}

function lostText(lost: number): string[] {
  if (lost === 0) return [];
  const { message, remedy } = lostLogs(lost);
  return [field('', `! ${message}`), field('', `  ${remedy}`)];
}

function probeText({ store }: Status): string[] {
  if (store.probe === null) return [];
  if (!store.probe.ok)
    return [field('', `! ${store.probe.error.message}`), field('', `  ${store.probe.error.remedy}`)];
  const { writable, account, latencyMs, bucket } = store.probe.value;
  const rights =
    writable === null ? 'readable' : writable ? 'readable and writable' : 'readable, but not writable';
  return [
    field(
      '',
      `reachable in ${Math.round(latencyMs)} ms, ${rights}${account === null ? '' : ` as ${account}`}`,
    ),
    ...(bucket === undefined ? [] : [field('', bucketText(bucket))]),
  ];
}

function bucketText(bucket: BucketFacts): string {
  const { location, storageClass, softDeleteS, versioning, publicAccessPrevented, uniformAccess } = bucket;
  return [
    `bucket in ${location} (${storageClass})`,
    softDeleteS > 0 ? `soft delete ${span(softDeleteS * 1000)}` : 'no soft delete',
    ...(versioning ? ['versioning'] : []),
    ...(bucket.retentionS > 0 ? [`retention policy ${span(bucket.retentionS * 1000)}`] : []),
    publicAccessPrevented ? 'public access prevented' : 'public access possible',
    uniformAccess ? 'uniform access' : 'rights on single objects',
  ].join(', ');
}

function markText(mark: SyncMark, now: number, due: number | null): string {
  const last = mark.success === 0 ? 'never' : ago(mark.success, now);
  const next = due === null ? '' : `; next ${due <= now ? 'is due' : until(due, now)}`;
  const failure =
    mark.failure === null
      ? ''
      : `\n${field('', `! ${ago(mark.failure.at, now)}: ${mark.failure.message} ${mark.failure.remedy}`)}`;
  return `${last}${next}${failure}`;
}

function field(name: string, text: string): string {
  return `${name.padEnd(12)}${text}`.trimEnd();
}
