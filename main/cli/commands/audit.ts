import type { Command } from 'commander';
import { parseTenantId } from '../../../shared/domain/ids.ts';
import { formatBytes, plural } from '../../../shared/format/amount.ts';
import { ago } from '../../../shared/format/time.ts';
import { openGitTools } from '../../compose/git-tools.ts';
import { auditStore, NOBODY, type AuditReport } from '../../core/workflows/audit-store.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { WHY_COPIES_STAY } from '../sync-text.ts';
import { withCore } from '../with-core.ts';

/** `session-log audit`: what leaves, where to, and who can read it. */
export function registerAudit(program: Command, context: CliContext): void {
  program
    .command('audit')
    .description('what the next push sends where, what is sealed, and who can read it')
    .option('--other-tenant <name>', 'a tenant whose folder this machine must not be able to read')
    .option('--json', 'print one JSON envelope')
    .action((options: { readonly otherTenant?: string; readonly json?: boolean }) => {
      const json = options.json ?? false;
      const other = parseTenantId(options.otherTenant ?? NOBODY);
      if (!other.ok) return finish(context, json, other, () => '');
      return withCore(
        context,
        json,
        (core) => auditStore({ ...core, ...openGitTools() }, other.value, context.signal),
        auditText,
      );
    });
}

const STANDING: Readonly<Record<AuditReport['standing'], string>> = {
  clear: 'Nothing is sealed: whoever reads the bucket reads the logs. `session-log store seal` changes that.',
  member: 'The store is sealed, and this machine has its key.',
  outside: 'The store is sealed, and this machine has no key: it pushes nothing until it was let in.',
  unknown: 'Whether the store is sealed is not known.',
};

function auditText(report: AuditReport): string {
  const { store, leaving, epoch, sealed, notSealed, members, account, bucket, otherTenant, provedAt } =
    report;
  const { problems, inTheClear } = report;
  const others: Readonly<Record<typeof otherTenant.answer, string>> = {
    refused: 'refused, as it must be',
    open: 'OPEN: the rights of this machine are wider than its tenant; see `session-log store policy`',
    unknown: 'not known: the store did not answer',
  };
  return [
    `Store: ${store.url}, tenant ${store.tenant}${store.sameDisk ? ' (on the same disk as the logs)' : ''}`,
    `The next push takes ${plural(leaving.logs, 'log')} there (${formatBytes(leaving.bytes)})${report.standing === 'clear' || report.storesPlain ? ', in the clear' : epoch === null ? '' : ', sealed'}.`,
    ...leaving.paths.map((path) => `  ${path}`),
    ...(leaving.logs > leaving.paths.length ? [`  and ${leaving.logs - leaving.paths.length} more`] : []),
    ...copiesLines(report),
    ...hereLines(report),
    epoch === null
      ? STANDING[report.standing]
      : `Sealed with epoch ${epoch}: ${plural(sealed, 'object')} of this machine; ${notSealed} in the clear or with an older key.`,
    report.hidesNames
      ? 'The paths of its logs are hidden there: digests stand in their place.'
      : 'The paths of its logs can be read there.',
    ...(report.storesPlain
      ? ['This machine stores in the clear, as somebody said here. `session-log store seal` changes that.']
      : []),
    ...(inTheClear.length === 0
      ? []
      : [
          `In the clear: ${inTheClear.join(', ')}. There, update Session Log, then \`session-log machines join\` and \`session-log store seal\`.`,
        ]),
    ...(epoch === null ? [] : [`Who has the key: ${members.map(({ name }) => name).join(', ')}.`]),
    ...(account === null ? [] : [`The store takes this machine for ${account}.`]),
    ...(bucket === null
      ? []
      : [
          `Bucket: ${bucket.location}; public access ${bucket.publicAccessPrevented ? 'prevented' : 'NOT prevented'}; uniform access ${bucket.uniformAccess ? 'on' : 'off'}; versions ${bucket.versioning ? 'kept' : 'not kept'}; soft delete ${bucket.softDeleteS / 86_400} days; retention ${bucket.retentionS / 86_400} days.`,
        ]),
    store.url.startsWith('file:')
      ? 'A folder knows no tenants: whoever reads it reads all that lies in it.'
      : `The folder of another tenant (${otherTenant.tenant}): ${others[otherTenant.answer]}.`,
    provedAt === null
      ? 'The backup has never been proven: `session-log drill` does it.'
      : `Backup proven ${ago(provedAt, Date.now())}.`,
    ...problems.map(({ message, remedy }) => `  ! ${message}\n    ${remedy}`),
  ].join('\n');
}

function hereLines(report: AuditReport): readonly string[] {
  const { staying, withheld, sharedWith, remotes, standing, storesPlain } = report;
  const labels = standing === 'member' && !storesPlain ? '' : ' Labels leave in their place.';
  return [
    ...(staying > 0
      ? [`${plural(staying, 'log')} of this machine ${staying === 1 ? 'is' : 'are'} never pushed.`]
      : []),
    ...(withheld > 0 ? [`Values of secrets in ${plural(withheld, 'log')} are kept here.${labels}`] : []),
    ...(sharedWith.length === 0 ? [] : ['They can also be read with the keys of these machines of yours:']),
    ...sharedWith.map(({ key, name }) => `  ${key}${name === null ? '' : ` (${name})`}`),
    ...remotes.map(
      ({ workspace, name, url, takesSecrets }) =>
        `Git takes logs of ${workspace} to ${name}, ${url}${takesSecrets ? ', with the secrets in them' : ''}.`,
    ),
  ];
}

function copiesLines({ copies, standing }: AuditReport): readonly string[] {
  if (copies === null) return [];
  const { inStore, waiting, stay, why } = copies;
  const reason =
    why === null
      ? 'sync.stayHere covers their logs.'
      : // Without a key this machine can only guess; its standing says more.
        standing === 'outside'
        ? 'this machine has no key of the store.'
        : WHY_COPIES_STAY[why];
  return [
    ...(inStore + waiting > 0
      ? [`Copies of sessions: ${inStore} in the store, ${waiting} with the next push.`]
      : []),
    ...(stay > 0 ? [`The copies of ${plural(stay, 'session')} stay here: ${reason}`] : []),
  ];
}
