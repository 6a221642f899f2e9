import { plural } from '../../../shared/format/amount.ts';
import type { LocalDiff } from '../ledger/diff-local.ts';
import { lostLogs } from '../ledger/lost-logs.ts';
import { damagedTexts } from '../store/damaged-texts.ts';
import type { VerifyReport } from '../workflows/verify.ts';
import type { Finding } from './finding.ts';

/** The result of scanning the log folder. */
export interface ScannedLogs {
  readonly logs: number;
  /** Files that cannot be pushed because of their name or kind. */
  readonly refused: LocalDiff['refused'];
  /** Logs that are shorter here than in the store. */
  readonly cut: readonly string[];
  /** Pushed logs that vanished so many at once that they count as lost. */
  readonly lost: number;
  /** New or changed since their last push. */
  readonly changed: number;
}

/** Findings about the logs on this disk. */
export function logFindings({ logs, refused, cut, lost, changed }: ScannedLogs): Finding[] {
  const findings: Finding[] = refused.map(({ path, problem, unread }) => ({
    level: 'problem',
    subject: path,
    finding: problem,
    remedy: unread
      ? 'Give your user the right to read it; then run `session-log sync --push`.'
      : 'Rename or move it; then run `session-log sync --push`.',
  }));
  for (const path of cut)
    findings.push({
      level: 'problem',
      subject: path,
      finding: 'it is shorter here than its backup: it was cut, or an old copy was put back',
      remedy: `Restore the backup: session-log restore "${path}". Or replace it (it is kept under another name): session-log sync --push --force "${path}"`,
    });
  if (lost > 0) {
    const { message, remedy } = lostLogs(lost);
    findings.push({ level: 'problem', subject: 'logs', finding: message, remedy });
  }
  if (changed > 0)
    findings.push({
      level: 'hint',
      subject: 'logs',
      finding: `${plural(changed, 'log is', 'logs are')} not pushed yet`,
      remedy: 'session-log sync --push',
    });
  else if (lost === 0)
    findings.push({
      level: 'ok',
      subject: 'logs',
      finding: `${plural(logs, 'log')} here, all pushed`,
      remedy: '',
    });
  return findings;
}

/** Findings about the logs in the store and in the cache. */
export function storedFindings({
  problems,
  foreign,
  storeChecked,
  cacheChecked,
  texts,
  copies,
}: VerifyReport): Finding[] {
  const findings: Finding[] = problems.map(({ log, problem, remedy }) => ({
    level: 'problem',
    subject: log,
    finding: problem,
    remedy,
  }));
  if (foreign.length > 0)
    findings.push({
      level: 'hint',
      subject: 'store',
      finding: `${plural(foreign.length, 'object')} in this machine\u2019s partition ${foreign.length === 1 ? 'is' : 'are'} none of ours, e.g. ${foreign[0] ?? ''}`,
      remedy: 'They are left alone; remove them by hand if nobody needs them.',
    });
  if (texts.damaged.length > 0) {
    const { message, remedy } = damagedTexts(texts.damaged.length);
    findings.push({ level: 'problem', subject: 'search', finding: message, remedy });
  }
  for (const { session, problem, remedy } of copies?.problems ?? [])
    findings.push({ level: 'problem', subject: session, finding: problem, remedy });
  const ofCopies =
    copies === null || copies.sessions === 0
      ? ''
      : `, copies of ${plural(copies.sessions, 'session')} proven`;
  findings.push({
    level: 'ok',
    subject: 'integrity',
    finding: `${plural(storeChecked, 'own log')} compared with the store, ${plural(cacheChecked, 'cached log')} hashed, ${plural(texts.packs, 'text pack')} in the store${ofCopies}`,
    remedy: '',
  });
  return findings;
}
