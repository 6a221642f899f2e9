import { restStateOf, stateTitle } from '../../../shared/format/state-title.ts';
import { clockTime, dayOf, shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { Deferral } from '../../../shared/ipc/operation.ts';
import type { StatusSnapshot } from '../../../shared/ipc/status.ts';

const words = en.desktop.state;

/** A time of day, with its day if that is not today. Not "4 min ago": a tooltip is not rewritten as time passes. */
export function timeIn(at: number, now: number, timeZone: string): string {
  const [day, today] = [dayOf(at, timeZone), dayOf(now, timeZone)];
  const time = clockTime(at, timeZone);
  return day === today ? time : `${shortDay(day, today)}, ${time}`;
}

/** Why work is deferred: the run that waits for somebody's lock, else the first deferred work tree; null when nothing is. */
export function deferralOf(status: StatusSnapshot): Deferral | null {
  const waiting = status.operations.find((operation) => operation.waitingFor !== null);
  if (waiting?.waitingFor) return waiting.waitingFor;
  return status.workspaces.find((workspace) => workspace.deferred !== null)?.deferred ?? null;
}

/** The state in words; lines after the first give details. */
export function stateLines(status: StatusSnapshot, timeZone: string): readonly string[] {
  const now = status.at;
  const lines: string[] = [headline(status)];
  const deferral = status.state === 'deferred' ? deferralOf(status) : null;
  if (deferral !== null) {
    const more = [
      ...(deferral.since > 0 ? [words.deferredSince(timeIn(deferral.since, now, timeZone))] : []),
      ...(deferral.retryAt === null ? [] : [words.retryAt(timeIn(deferral.retryAt, now, timeZone))]),
    ];
    if (more.length > 0) lines.push(more.join(', '));
  }
  if (status.paused !== null) {
    const paused =
      status.paused.until === null
        ? words.pausedBecause[status.paused.reason]
        : words.pausedUntil(timeIn(status.paused.until, now, timeZone));
    // "Paused" need not precede "Paused until 14:00".
    if (restStateOf(status) === 'paused') lines[0] = paused;
    else lines.push(paused);
  }
  if (status.unread > 0) lines.push(words.unread(status.unread));
  return lines;
}

function headline(status: StatusSnapshot): string {
  switch (status.state) {
    case 'syncing': {
      const running = status.operations.find((operation) => operation.waitingFor === null);
      return running ? words.syncing(en.sync.kinds[running.kind]) : en.sync.states.syncing;
    }
    case 'deferred': {
      const deferral = deferralOf(status);
      return deferral ? words.deferred(shortened(deferral.who, 40)) : en.sync.states.deferred;
    }
    case 'attention':
      return words.attention(status.attention.length);
    case 'idle':
    case 'offline':
      return stateTitle(status);
  }
}

/** The icon's tooltip: product, state, last success. */
export function tooltip(status: StatusSnapshot, timeZone: string): string {
  const last =
    status.lastSuccess === null
      ? words.noSuccess
      : words.lastSuccess(timeIn(status.lastSuccess, status.at, timeZone));
  return [`${en.common.productName}: ${stateLines(status, timeZone).join('\n')}`, last].join('\n');
}

/** Makes text from other machines fit one menu item: no invisible characters, bounded length. */
export function shortened(text: string, most: number): string {
  const line = visibleLine(text).replace(/\s+/g, ' ').trim();
  const letters = Array.from(line);
  return letters.length <= most ? line : `${letters.slice(0, most - 1).join('')}…`;
}
