import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { peekState } from '../files/state-file.ts';
import { diffLocal } from '../ledger/diff-local.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import type { GitRemote, SealingStanding, SealingAudit } from '../../../shared/ipc/sealing.ts';
import { hideCredentials } from '../../../shared/domain/hide-credentials.ts';
import type { Git } from '../ports/git.ts';
import { CONFIG_ARGS, configValue, parseConfig, remotesOf } from '../repository/git-config.ts';
import type { EpochKey } from '../sealing/epoch-key.ts';
import { listMembers } from '../sealing/member.ts';
import { planSealing } from '../sealing/seal-objects.ts';
import { isNotAdmitted } from '../sealing/sealing-errors.ts';
import type { CopiesPushed } from '../sync/session-copies.ts';
import { DRILL_FORMAT } from './drill-store.ts';
import { machinesInTheClear } from './machines-in-the-clear.ts';
import type { SealingBase } from './sealing-base.ts';
import type { ShareBase } from './share-kept.ts';

/** What this machine sends to the store, how, and who can read it. */
export interface AuditReport extends SealingAudit {
  /** Copies of sessions: what the next push sends of them, and why others stay; null where nothing pushes them. */
  readonly copies: Pick<CopiesPushed, 'inStore' | 'waiting' | 'stay' | 'why' | 'pushed'> | null;
}

/** A non-existent tenant: access to its folder shows permissions wider than one tenant. */
export const NOBODY = 'session-log-self-test';
/** Paths listed by name; the rest is counted. */
const NAMED = 200;

/** What an audit needs. */
export type AuditBase = SealingBase & {
  readonly secrets?: ShareBase['secrets'];
  readonly paths: { readonly drill: string; readonly keptSecrets: string };
  readonly git: Git;
};

/**
 * Reports what would leave and who could see it. Changes nothing.
 * @param other the tenant whose folder must be closed to this machine; need not exist
 */
export async function auditStore(base: AuditBase, other: string, signal?: AbortSignal): Answer<AuditReport> {
  const { sync, sealing } = base;
  const leaving = await nextPush(base);
  if (!leaving.ok) return leaving;
  const problems: AppError[] = [];
  const noted = <T>(result: Result<T, AppError>): T | null => {
    if (result.ok) return result.value;
    problems.push(result.error);
    return null;
  };
  const options = { signal };
  const next = await sync.copies?.push({ dryRun: true }, async () => ok(undefined));
  if (next !== undefined && next.problem !== null) problems.push(next.problem);
  const newest = await sealing.deps.keyring.newest({ fresh: true });
  const epoch = noted(newest);
  const planned = noted(await planSealing(sealing.deps, epoch, signal));
  const members = epoch === null ? [] : (noted(await listMembers(sealing.deps, epoch)) ?? []);
  const drilled = noted(await peekState(sync.files, base.paths.drill, DRILL_FORMAT));
  const probe = noted(await sealing.deps.store.probe(options));
  return ok({
    store: { url: sync.store.url, tenant: sync.layout.tenant, sameDisk: sync.store.sameDisk },
    leaving: leaving.value.leaving,
    staying: leaving.value.staying,
    withheld:
      noted(await sync.files.names(base.paths.keptSecrets))?.filter((name) => name.endsWith('.age')).length ??
      0,
    sharedWith: (noted((await base.secrets?.shared?.keys()) ?? ok([])) ?? []).map((key) => ({
      key,
      name: members.find(({ recipient }) => recipient === key)?.name ?? null,
    })),
    remotes: await remotesOfWorkspaces(base),
    copies: next?.report ?? null,
    standing: standingOf(newest),
    epoch: epoch?.number ?? null,
    sealed: planned?.already ?? 0,
    notSealed: planned?.waiting ?? 0,
    storesPlain: epoch !== null && (await sealing.deps.keyring.storesPlain()),
    hidesNames: noted(await sealing.hidesNames()) ?? false,
    inTheClear:
      epoch === null ? [] : (noted(await machinesInTheClear(base, options))?.map(({ host }) => host) ?? []),
    members,
    account: probe?.account ?? null,
    bucket: probe?.bucket ?? null,
    otherTenant: { tenant: other, answer: await askOther(base, other, signal) },
    provedAt: drilled?.at ?? null,
    problems,
  });
}

function standingOf(newest: Result<EpochKey | null, AppError>): SealingStanding {
  if (newest.ok) return newest.value === null ? 'clear' : 'member';
  return isNotAdmitted(newest.error) ? 'outside' : 'unknown';
}

async function nextPush({ sync }: SealingBase): Answer<Pick<AuditReport, 'leaving' | 'staying'>> {
  const ledger = await openLedger(sync.files, ledgerPath(sync));
  if (!ledger.ok) return ledger;
  const scan = await sync.files.scanLogs(sync.paths.sessionLogs);
  if (!scan.ok) return scan;
  const stays = sync.surroundings.staysHere();
  const leaving = scan.value.files.filter(({ path }) => !stays(path));
  const { changed } = diffLocal(leaving, ledger.value.rows);
  const sizes = new Map(scan.value.files.map(({ path, size }) => [path, size]));
  return ok({
    staying: scan.value.files.length - leaving.length,
    leaving: {
      logs: changed.length,
      bytes: changed.reduce((sum, { path }) => sum + (sizes.get(path) ?? 0), 0),
      paths: changed.slice(0, NAMED).map(({ path }) => path),
    },
  });
}

const GIT_MS = 10_000;

/** As configured in git here: no network access. */
async function remotesOfWorkspaces({ settings, git }: AuditBase): Promise<readonly GitRemote[]> {
  const { workspaces, vault, withSecrets } = settings.git;
  const remotes: GitRemote[] = [];
  for (const workspace of vault === '' ? workspaces : [...workspaces, vault]) {
    const read = await git.run({ cwd: workspace, reads: true, deadlineMs: GIT_MS, args: CONFIG_ARGS });
    if (!read.ok) continue;
    const config = parseConfig(read.value.stdout);
    for (const name of remotesOf(config)) {
      const url =
        configValue(config, `remote.${name}.pushurl`) ?? configValue(config, `remote.${name}.url`) ?? '';
      const takesSecrets = workspace === vault || withSecrets.includes(workspace);
      remotes.push({
        workspace,
        name: hideCredentials(name),
        url: hideCredentials(url),
        takesSecrets,
      });
    }
  }
  return remotes;
}

async function askOther(
  { sealing }: SealingBase,
  tenant: string,
  signal?: AbortSignal,
): Promise<AuditReport['otherTenant']['answer']> {
  const page = await sealing.deps.store.list(`tenant-${tenant}/`, { pageSize: 1, signal });
  if (page.ok) return 'open';
  return page.error.code === 'denied' ? 'refused' : 'unknown';
}
