import type { AppError } from '../../../shared/app-error.ts';
import { formatBytes } from '../../../shared/format/amount.ts';
import type { Result } from '../../../shared/result.ts';
import type { StoreProbe } from '../ports/object-store.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import type { Finding } from './finding.ts';
import { readSyncJournal } from './sync-journal.ts';

const LOW_SPACE = 500 * 1024 * 1024;
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** Checks the disk space for what syncs write. */
export async function checkDisk(deps: Pick<SyncDeps, 'files' | 'paths'>): Promise<Finding[]> {
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

/** The finding for the store's probe. */
export function storeFinding(
  { store }: Pick<SyncDeps, 'store'>,
  probe: Result<Pick<StoreProbe, 'writable'>, AppError>,
): Finding {
  const subject = `store ${store.url}`;
  if (!probe.ok)
    return { level: 'problem', subject, finding: probe.error.message, remedy: probe.error.remedy };
  if (probe.value.writable === false)
    return {
      level: 'problem',
      subject,
      finding: 'it can be read but not written',
      remedy: 'Ask the owner of the bucket for the role Storage Object User on the prefix of this tenant.',
    };
  if (store.sameDisk)
    return {
      level: 'hint',
      subject,
      finding: 'it is on the same disk as your logs, so it isn’t a backup',
      remedy: 'session-log config set store.url gs://BUCKET',
    };
  return { level: 'ok', subject, finding: 'reachable', remedy: '' };
}

/** Whether a sync is running, or died during one. */
export async function checkLock(deps: Pick<SyncDeps, 'locks' | 'paths'>): Promise<Finding[]> {
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

/**
 * How the last runs ended.
 * @param schedule path of the journal, absolute
 */
export async function checkJournal(deps: SyncDeps, schedule: string): Promise<Finding[]> {
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
