import { forTerminalLine } from '../../shared/domain/terminal-text.ts';
import { formatBytes, plural } from '../../shared/format/amount.ts';
import type { FullReport } from '../core/workflows/full-sync.ts';
import type { IndexReport } from '../core/workflows/pull-index.ts';
import type { PullTextsReport } from '../core/text-packs/pull-texts.ts';
import type { TeamTextSize } from '../core/text-packs/team-texts.ts';
import type { PullReport } from '../core/sync/pull-logs.ts';
import type { PushReport } from '../core/sync/push-tally.ts';
import type { CopiesStay } from '../core/sync/session-copies.ts';
import type { RestoreReport } from '../core/sync/restore-logs.ts';
import type { RestoreAllReport } from '../core/workflows/restore.ts';

const SHOWN = 20;

/** Formats a push for people. */
export function pushText(report: PushReport): string {
  const [did, size] = report.dryRun
    ? ['Would push', '']
    : ['Pushed', report.bytes > 0 ? ` (${formatBytes(report.bytes)})` : ''];
  const head =
    report.uploaded.length === 0
      ? nothingPushed(report)
      : `${did} ${plural(report.uploaded.length, 'log')}${size}; ${report.unchanged} unchanged.`;
  return lines([
    head,
    ...some(
      report.uploaded,
      (log) =>
        `  ${log.reason === 'new' ? '+' : log.reason === 'grown' ? '>' : '~'} ${log.path}${log.kept === null ? '' : '  (the stored version is kept beside it)'}`,
    ),
    ...some(report.gone, (path) => `  - ${path}  deleted here, kept in the store`),
    ...some(
      report.attention,
      (path) =>
        `  ! ${path}  is shorter here${sizesOf(path, report)}: restore the backup with \`session-log restore "${path}"\`, or replace it with \`session-log sync --push --force "${path}"\``,
    ),
    ...some(report.refused, ({ path, problem }) => `  ! ${path}  ${problem}`),
    ...some(report.failed, ({ path, error }) => `  ! ${path}  ${error.message}`),
    report.pending > 0 ? `${plural(report.pending, 'log')} not pushed yet.` : '',
    ...copiesText(report),
  ]);
}

/** What happened to safe copies of sessions; empty when there was nothing to do. */
function copiesText({ copies, dryRun }: PushReport): readonly string[] {
  if (copies === null) return [];
  const { pushed, pushedTotal, bytes, waiting, failed, failedTotal, stay, why } = copies;
  const size = bytes > 0 ? ` (${formatBytes(bytes)})` : '';
  const left = dryRun ? 0 : waiting - failedTotal;
  return [
    pushedTotal > 0
      ? `${dryRun ? 'Would push' : 'Pushed'} the copies of ${plural(pushedTotal, 'session')}${size}.`
      : '',
    ...(dryRun ? some(pushed, (session) => `  + ${session}`, pushedTotal) : []),
    ...some(failed, ({ session, error }) => `  ! ${session}  ${error.message}`, failedTotal),
    left > 0 ? `The copies of ${plural(left, 'session')} are not pushed yet.` : '',
    dryRun && why !== null
      ? `The copies of ${plural(stay, 'session')} stay here: ${WHY_COPIES_STAY[why]}`
      : '',
  ];
}

/** Why copies of sessions stay here, and what changes it. */
export const WHY_COPIES_STAY: Readonly<Record<CopiesStay, string>> = {
  never: 'capture.copiesToStore says never.',
  'in-the-clear':
    'they hold whole transcripts, and this store is in the clear. `session-log store seal` changes that; to push them all the same: session-log config set capture.copiesToStore always',
};

function sizesOf(path: string, { shorter }: PushReport): string {
  const sizes = shorter.find((one) => one.path === path);
  return sizes === undefined
    ? ' than its backup'
    : ` (${formatBytes(sizes.here)}) than its backup (${formatBytes(sizes.stored)})`;
}

function nothingPushed({ unchanged, pending, failed, attention, refused }: PushReport): string {
  if (pending + failed.length + attention.length + refused.length > 0) return 'Nothing was pushed.';
  return unchanged === 0
    ? 'Nothing to push.'
    : `Nothing to push: ${plural(unchanged, 'log is', 'logs are')} in the store.`;
}

/** Formats an index pull for people. */
export function indexText(report: IndexReport): string {
  if (report.machines === 0) {
    return 'Nobody has pushed into this tenant yet. If that is a surprise, check its name: session-log config get store.tenant';
  }
  const changed =
    report.updated.length === 0 ? 'nothing new' : `${plural(report.updated.length, 'machine')} with news`;
  return lines([
    `Index of ${plural(report.machines, 'machine')}: ${changed}.`,
    ...report.failed.map(({ machine, error }) => `  ! ${machine.slice(0, 8)}  ${error.message}`),
    report.refused > 0
      ? `  ! ${plural(report.refused, 'entry', 'entries')} left out because they are not valid`
      : '',
    ...some(report.foreign, (name) => `  ? ${name}  is not one of our objects`),
    ...textLines(report.texts),
  ]);
}

/** What happened to the text of other machines' logs; empty when nothing arrived. */
function textLines(texts: PullTextsReport | null): readonly string[] {
  if (texts === null) return [];
  const { logs, bytes, refused, failed } = texts;
  return [
    logs > 0 ? `Text of ${plural(logs, 'log')} for search (${formatBytes(bytes)}).` : '',
    ...failed.map(({ machine, error }) => `  ! ${machine.slice(0, 8)}  ${error.message}`),
    refused > 0 ? `  ! text of ${plural(refused, 'log')} left out because it is not valid` : '',
  ];
}

/** Shown before the team's text is pulled for the first time. */
export function firstTextsLine({ machines, logs, bytes }: TeamTextSize): string {
  return `Pulling the text of ${plural(logs, 'log')} of ${plural(machines, 'machine')} for search: ${formatBytes(bytes)}. To leave it out: session-log config set search.team off`;
}

/** Formats a pull of logs for people. */
export function pullText(report: PullReport): string {
  const did = report.dryRun ? 'Would pull' : 'Pulled';
  const found = report.pulled.length + report.upToDate + report.failed.length;
  const head =
    found === 0
      ? 'No logs of other machines match.'
      : `${did} ${plural(report.pulled.length, 'log')} (${formatBytes(report.bytes)}); ${report.upToDate} already here.`;
  return lines([
    head,
    ...some(report.pulled, ({ id }) => `  < ${id}`),
    ...some(report.failed, ({ id, error }) => `  ! ${id}  ${error.message}`),
  ]);
}

/** Formats logs and session copies restored from the store, for people. */
export function restoreAllText({ copies, ...logs }: RestoreAllReport, dryRun: boolean): string {
  if (copies === null) return restoreText(logs, dryRun);
  const { restored, bytes, left, failed, failedTotal, strangers } = copies;
  const did = dryRun ? 'Would bring back' : 'Brought back';
  return lines([
    restoreText(logs, dryRun),
    restored > 0 ? `${did} the copies of ${plural(restored, 'session')} (${formatBytes(bytes)}).` : '',
    left > 0
      ? `The copies of ${plural(left, 'session')} stay in the store alone, because the room for copies (capture.diskLimit) is used up; session-log sessions restore <id> takes one.`
      : '',
    ...some(failed, ({ session, error }) => `  ! ${session}  ${error.message}`, failedTotal),
    ...some(strangers, (name) => `  ? ${name}  was not written by this machine; it is left alone`),
  ]);
}

/** Formats logs restored from the store, for people. */
function restoreText({ restored, failed, strangers }: RestoreReport, dryRun: boolean): string {
  const did = dryRun ? 'Would bring back' : 'Brought back';
  return lines([
    restored.length + failed.length + strangers.length === 0
      ? 'Every own log in the store is on this disk.'
      : `${did} ${plural(restored.length, 'log')} from the store.`,
    ...some(restored, (path) => `  < ${path}`),
    ...some(failed, ({ path, error }) => `  ! ${path}  ${error.message}`),
    ...strangersText(strangers),
  ]);
}

/** Objects in this machine's partition that are not from it. */
function strangersText(strangers: RestoreReport['strangers']): string[] {
  if (strangers.length === 0) return [];
  const left = `Left ${plural(strangers.length, 'file')} in this machine's partition that it did not write (session-log restore <path> takes one all the same):`;
  return [left, ...some(strangers, (path) => `  ? ${path}`)];
}

/** Formats a full sync for people. */
export function fullText(report: FullReport): string {
  return lines([
    report.restore.restored.length > 0
      ? `Restored ${plural(report.restore.restored.length, 'log')} from the store.`
      : '',
    ...some(report.restore.restored, (path) => `  < ${path}`),
    ...report.restore.failed.map(({ path, error }) => `  ! ${path}  ${error.message}`),
    ...strangersText(report.restore.strangers),
    pushText(report.push),
    indexText(report.index),
    checkedText(report),
    (report.copies?.healed ?? 0) > 0
      ? `${plural(report.copies?.healed ?? 0, 'damaged or lost part', 'damaged or lost parts')} of copies of sessions set right.`
      : '',
    ...some(report.copies?.problems ?? [], (one) => `  ! ${one.problem}`),
    report.republished
      ? 'The index of this machine could not be read in the store; it was written again.'
      : '',
    report.reconciled > 0
      ? `${plural(report.reconciled, 'log')} in the store ${report.reconciled === 1 ? 'was' : 'were'} not as remembered; set right.`
      : '',
  ]);
}

/** On a good day, the news of a full sync is that the comparison found nothing. */
function checkedText({ push, restore, reconciled, republished }: FullReport): string {
  const { uploaded, unchanged, failed, attention, refused, dryRun } = push;
  const wrong = failed.length + attention.length + refused.length + restore.failed.length + reconciled;
  if (dryRun || wrong > 0 || republished || uploaded.length + unchanged === 0) return '';
  return `Compared with the store: ${plural(uploaded.length + unchanged, 'own log is', 'own logs are')} there as written.`;
}

function some<T>(items: readonly T[], line: (item: T) => string, total = items.length): string[] {
  // One line each, whatever a name contains.
  const shown = items.slice(0, SHOWN).map((item) => forTerminalLine(line(item)));
  return total > SHOWN ? [...shown, `  … and ${total - SHOWN} more (--json lists all)`] : shown;
}

function lines(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
