import { appError, type AppError } from '../../../shared/app-error.ts';
import { diffLocal } from '../ledger/diff-local.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import { bucketFindings } from '../status/bucket-findings.ts';
import { checkDisk, checkJournal, checkLock, storeFinding } from '../status/check-place.ts';
import type { Finding } from '../status/finding.ts';
import { logFindings, storedFindings } from '../status/log-findings.ts';
import { inspectChanges } from '../sync/inspect-changes.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import type { Outcome } from './outcome.ts';
import type { StoreBase } from './store-base.ts';
import { verify } from './verify.ts';

/**
 * Checks logs, store, index and disk for everything that can go wrong, explains each finding and names the command that fixes it. Changes
 * nothing.
 * @param others findings of parts unknown to the engine (identity, settings, permissions)
 * @returns the problem says how many findings need a person, and the first of them
 */
export async function doctor(
  { sync, paths }: Pick<StoreBase, 'sync' | 'paths'>,
  others: readonly Finding[],
  options: Pick<RunOptions, 'signal'> = {},
): Promise<Outcome<readonly Finding[]>> {
  const findings: Finding[] = [...others];
  findings.push(...(await checkDisk(sync)));
  const reachable = await sync.store.probe(options);
  const barred = reachable.ok ? await checkKeys(sync) : null;
  findings.push(barred ?? storeFinding(sync, reachable));
  if (reachable.ok) findings.push(...bucketFindings(sync.store.url, reachable.value.bucket));
  const logs = await checkLogs(sync, reachable.ok, options);
  // A push would end with what the store's own line says.
  findings.push(...(barred === null ? logs : logs.map(withoutPush)));
  findings.push(...(await checkLock(sync)));
  const told = new Set(findings.map(({ finding }) => finding));
  const isTold = findings.some(({ level }) => level === 'problem');
  findings.push(
    ...(await checkJournal(sync, paths.schedule)).filter(
      // A run whose only remedy is this command has its reason above.
      ({ finding, remedy }) => !told.has(finding) && !(isTold && remedy?.includes(BY_DOCTOR)),
    ),
  );
  if (reachable.ok)
    findings.push(...(await checkStored(sync, options)).filter(({ remedy }) => !remedy?.includes(BY_DOCTOR)));
  const report = findings.map(withoutItself);
  return { report, problem: problemIn(report) };
}

/** Other commands' remedy for a truncated log: both ways out are listed here. */
const BY_DOCTOR = '`session-log doctor`';

/** A run that failed may advise this very command, which has nothing more to say: the way on is to try the run again. */
function withoutItself(finding: Finding): Finding {
  return { ...finding, remedy: finding.remedy.replaceAll(BY_DOCTOR, `\`${PUSH}\``) };
}

/** Whether this machine has the keys of a sealed store. @returns null when it has, or none are needed */
async function checkKeys({ store }: SyncDeps): Promise<Finding | null> {
  const access = await store.access?.();
  return access === undefined || access.ok ? null : failed(`store ${store.url}`, access.error);
}

const PUSH = 'session-log sync --push';

function withoutPush(finding: Finding): Finding {
  return finding.remedy === PUSH ? { ...finding, remedy: '' } : finding;
}

async function checkLogs(
  deps: SyncDeps,
  reachable: boolean,
  options: Pick<RunOptions, 'signal'>,
): Promise<readonly Finding[]> {
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  if (!ledger.ok) return [failed('logs', ledger.error)];
  const scan = await deps.files.scanLogs(deps.paths.sessionLogs);
  if (!scan.ok) return [failed('logs', scan.error)];
  const { changed, refused, lost } = diffLocal(scan.value.files, ledger.value.rows, scan.value.problems);
  const known = changed.filter(({ row }) => row !== null);
  const inspected = reachable ? await inspectChanges(deps, known, new Map(), options) : [];
  return logFindings({
    logs: scan.value.files.length,
    refused: [...refused, ...scan.value.problems],
    cut: inspected.filter(({ relation }) => relation === 'cut').map(({ path }) => path),
    lost: lost.length,
    changed: changed.length,
  });
}

async function checkStored(sync: SyncDeps, options: Pick<RunOptions, 'signal'>): Promise<readonly Finding[]> {
  const verified = await verify({ sync }, options);
  return verified.ok ? storedFindings(verified.value.report) : [failed('store', verified.error)];
}

function failed(subject: string, { message, remedy }: AppError): Finding {
  return { level: 'problem', subject, finding: message, remedy };
}

function problemIn(findings: readonly Finding[]): AppError | null {
  const problems = findings.filter(({ level }) => level === 'problem');
  const [first] = problems;
  if (first === undefined) return null;
  const need = problems.length === 1 ? 'One thing needs' : `${problems.length} things need`;
  const what = `${first.subject}: ${first.finding.replace(/\.$/, '')}`;
  return appError('attention', `${need} you: ${what}.`, first.remedy);
}
