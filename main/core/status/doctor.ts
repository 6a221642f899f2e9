import type { AppError } from '../../../shared/app-error.ts';
import { formatBytes, plural } from '../../../shared/format/amount.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { diffLocal } from '../sync/diff-local.ts';
import { inspectChanges } from '../sync/inspect-changes.ts';
import { lostLogs } from '../sync/lost-logs.ts';
import { ledgerPath, openLedger } from '../sync/ledger.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { verify } from '../workflows/verify.ts';
import { readSyncJournal } from './sync-journal.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly level: 'ok' | 'hint' | 'problem';
  readonly subject: string;
  readonly finding: string;
  /** The command or step that mends it; empty when nothing needs mending. */
  readonly remedy: string;
}

const LOW_SPACE = 500 * 1024 * 1024;
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Looks at everything that can go wrong with logs, store, index and disk, explains what it finds and names the command that mends it.
 * Changes nothing.
 * @param others findings of parts that the engine does not know (identity, settings, permissions)
 */
export async function doctor(
  deps: SyncDeps,
  schedule: string,
  others: readonly Finding[],
  options: Pick<RunOptions, 'signal'> = {},
): Promise<Result<readonly Finding[], AppError>> {
  const findings: Finding[] = [...others];
  findings.push(...(await checkDisk(deps)));
  const reachable = await deps.store.probe(options);
  findings.push(storeFinding(deps, reachable));
  findings.push(...(await checkLogs(deps, reachable.ok, options)));
  findings.push(...(await checkLock(deps)));
  const told = new Set(findings.map(({ finding }) => finding));
  findings.push(...(await checkJournal(deps, schedule)).filter(({ finding }) => !told.has(finding)));
  if (reachable.ok) findings.push(...(await checkStored(deps, options)));
  return ok(findings);
}

async function checkDisk(deps: SyncDeps): Promise<Finding[]> {
  const free = await deps.files.freeBytes(deps.paths.state);
  if (free === null || free > LOW_SPACE)
    return [
      {
        level: 'ok',
        subject: 'disk',
        finding: free === null ? 'the free space cannot be asked' : `${formatBytes(free)} free`,
        remedy: '',
      },
    ];
  return [
    {
      level: 'problem',
      subject: 'disk',
      finding: `only ${formatBytes(free)} are free`,
      remedy: 'Make room. Cached logs may go: they can be pulled again.',
    },
  ];
}

function storeFinding(
  deps: SyncDeps,
  probe: Result<{ readonly writable: boolean | null }, AppError>,
): Finding {
  const subject = `store ${deps.store.url}`;
  if (!probe.ok)
    return { level: 'problem', subject, finding: probe.error.message, remedy: probe.error.remedy };
  if (probe.value.writable === false)
    return {
      level: 'problem',
      subject,
      finding: 'it can be read but not written',
      remedy: 'Ask the owner of the bucket for the role Storage Object User on the prefix of this tenant.',
    };
  if (deps.store.sameDisk)
    return {
      level: 'hint',
      subject,
      finding: 'it is on the same disk as the logs, so it is no backup',
      remedy: 'session-log config set store.url gs://BUCKET',
    };
  return { level: 'ok', subject, finding: 'reachable', remedy: '' };
}

async function checkLogs(
  deps: SyncDeps,
  reachable: boolean,
  options: Pick<RunOptions, 'signal'>,
): Promise<Finding[]> {
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  const scan = await deps.files.scanLogs(deps.paths.sessionLogs);
  const failed = !ledger.ok ? ledger.error : !scan.ok ? scan.error : null;
  if (!ledger.ok || !scan.ok)
    return [
      { level: 'problem', subject: 'logs', finding: failed?.message ?? '', remedy: failed?.remedy ?? '' },
    ];
  const diff = diffLocal(scan.value.files, ledger.value.rows);
  const findings: Finding[] = [...diff.refused, ...scan.value.problems].map(({ path, problem }) => ({
    level: 'problem',
    subject: path,
    finding: problem,
    remedy: 'Rename or move it; then run session-log sync --push.',
  }));
  const known = reachable
    ? await inspectChanges(
        deps,
        diff.changed.filter((log) => log.row !== null),
        new Map(),
        options,
      )
    : [];
  for (const { path, relation } of known) {
    if (relation !== 'cut') continue;
    findings.push({
      level: 'problem',
      subject: path,
      finding: 'it is shorter here than in the store: it was cut, or an old copy was put back',
      remedy: `Take the stored one back: session-log restore "${path}". Or push it as it is (the stored one is kept): session-log sync --push --force "${path}"`,
    });
  }
  const lost = lostLogs(diff.lost.length);
  if (diff.lost.length > 0)
    findings.push({ level: 'problem', subject: 'logs', finding: lost.message, remedy: lost.remedy });
  const waiting = diff.changed.length;
  if (waiting > 0)
    findings.push({
      level: 'hint',
      subject: 'logs',
      finding: `${plural(waiting, 'log is', 'logs are')} not pushed yet`,
      remedy: 'session-log sync --push',
    });
  else if (diff.lost.length === 0)
    findings.push({
      level: 'ok',
      subject: 'logs',
      finding: `${plural(scan.value.files.length, 'log')} here, all pushed`,
      remedy: '',
    });
  return findings;
}

async function checkLock(deps: SyncDeps): Promise<Finding[]> {
  const owner = await deps.locks.status(deps.paths.syncLock);
  if (!owner.ok)
    return [{ level: 'problem', subject: 'lock', finding: owner.error.message, remedy: owner.error.remedy }];
  if (owner.value === null)
    return [{ level: 'ok', subject: 'lock', finding: 'no sync is running', remedy: '' }];
  const { who, host, pid, command, verdict } = owner.value;
  const finding = `${command} of ${who} (${host}, process ${pid}) ${verdict === 'dead' ? 'died while it was syncing' : 'is running'}`;
  return [
    {
      level: 'hint',
      subject: 'lock',
      finding,
      remedy: verdict === 'dead' ? 'Nothing to do: the next sync clears it.' : '',
    },
  ];
}

async function checkJournal(deps: SyncDeps, schedule: string): Promise<Finding[]> {
  const journal = await readSyncJournal(deps.files, schedule, deps.store.url);
  if (!journal.ok) return [];
  const { push, full } = journal.value.marks;
  const findings: Finding[] = [];
  if (push.failure)
    findings.push({
      level: 'problem',
      subject: 'last push',
      finding: push.failure.message,
      remedy: push.failure.remedy,
    });
  if (full.success < deps.clock.now() - WEEK_MS)
    findings.push({
      level: 'hint',
      subject: 'full sync',
      finding: full.success === 0 ? 'none has run yet' : 'the last one is over a week old',
      remedy: 'session-log sync --full',
    });
  return findings;
}

async function checkStored(deps: SyncDeps, options: Pick<RunOptions, 'signal'>): Promise<Finding[]> {
  const verified = await verify({ sync: deps }, options);
  if (!verified.ok) {
    const { message, remedy } = verified.error;
    return [{ level: 'problem', subject: 'store', finding: message, remedy }];
  }
  const { report } = verified.value;
  const findings: Finding[] = report.problems.map(({ log, problem, remedy }) => ({
    level: 'problem',
    subject: log,
    finding: problem,
    remedy,
  }));
  if (report.foreign.length > 0)
    findings.push({
      level: 'hint',
      subject: 'store',
      finding: `${plural(report.foreign.length, 'object')} in this machine\u2019s partition ${report.foreign.length === 1 ? 'is' : 'are'} none of ours, e.g. ${report.foreign[0] ?? ''}`,
      remedy: 'They are left alone; remove them by hand if nobody needs them.',
    });
  findings.push({
    level: 'ok',
    subject: 'integrity',
    finding: `${plural(report.storeChecked, 'own log')} compared with the store, ${plural(report.cacheChecked, 'cached log')} hashed`,
    remedy: '',
  });
  return findings;
}
