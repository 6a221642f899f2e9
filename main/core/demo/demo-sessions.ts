import type { Scope } from '../save/log-folder.ts';

/** One `save` of the demo: its text, author and time. */
export interface DemoSave {
  readonly user: string;
  /** Name of the text in assets/demo/<user>, without `.md`. */
  readonly text: string;
  /** Session name; a second save with the same name continues its log. */
  readonly session: string;
  readonly scope: Scope;
  /** Days before the demo's last day. */
  readonly daysAgo: number;
  /** `HH:MM` of that day, on the viewer's clock. */
  readonly time: string;
}

const project = (name: string): Scope => ({ kind: 'project', name });
const client = (name: string): Scope => ({ kind: 'client', name });
const GENERAL: Scope = { kind: 'general' };
const [LEDGER, UI, PLATFORM] = [project('harbor-ledger'), project('harbor-ui'), project('platform')];
const [ACME, NORTHWIND] = [client('acme'), client('northwind')];

/** Three weeks of a small team, ordered by each person's days. */
export const DEMO_SAVES: readonly DemoSave[] = [
  once('mara', 16, '10:42', ACME, 'acme-reconcile'),
  once('mara', 12, '15:18', LEDGER, 'rate-limits'),
  once('mara', 9, '11:27', LEDGER, 'schema-review'),
  once('mara', 6, '14:05', GENERAL, 'incident-queue-lag'),
  {
    ...once('mara', 6, '16:48', GENERAL, 'incident-queue-lag.update'),
    session: 'incident-queue-lag',
  },
  once('mara', 5, '09:36', LEDGER, 'isolation-level'),
  once('mara', 3, '13:52', NORTHWIND, 'northwind-onboarding'),
  once('mara', 2, '16:21', LEDGER, 'statement-export'),
  once('mara', 1, '11:08', LEDGER, 'ledger-retry'),
  once('priya', 20, '13:10', PLATFORM, 'ci-cache'),
  once('priya', 17, '10:58', PLATFORM, 'cost-review'),
  once('priya', 13, '15:37', PLATFORM, 'log-retention'),
  once('priya', 10, '09:22', ACME, 'acme-vpn'),
  once('priya', 6, '17:34', PLATFORM, 'failover-followup'),
  once('priya', 3, '12:46', PLATFORM, 'cert-rotation'),
  once('priya', 2, '14:29', PLATFORM, 'runner-images'),
  once('priya', 0, '07:41', PLATFORM, 'nightly-restore'),
  once('jonas', 18, '10:15', UI, 'keyboard-shortcuts'),
  once('jonas', 14, '14:33', UI, 'empty-states'),
  once('jonas', 11, '16:02', UI, 'bundle-size'),
  once('jonas', 8, '09:47', UI, 'flaky-tests'),
  once('jonas', 7, '13:24', NORTHWIND, 'northwind-branding'),
  once('jonas', 5, '15:41', UI, 'login-flow'),
  once('jonas', 4, '11:19', UI, 'table-virtualization'),
  once('jonas', 2, '17:06', UI, 'statement-grouping'),
  once('jonas', 0, '08:52', UI, 'dark-mode-contrast'),
];

function once(user: string, daysAgo: number, time: string, scope: Scope, text: string): DemoSave {
  return { user, text, session: text, scope, daysAgo, time };
}

/** Minimum age of a demo's last save. */
const MARGIN_MS = 10 * 60_000;

/**
 * The time of a demo save: on the clock of this process's zone, always in the past. The demo's last day is today, or yesterday while
 * today's saves are in the future. Weekend days more than a day back move to Friday.
 * @param now epoch milliseconds
 * @returns epoch milliseconds
 */
export function demoMoment(save: Pick<DemoSave, 'daysAgo' | 'time'>, now: number): number {
  const early = DEMO_SAVES.some(
    (other) => other.daysAgo === 0 && onDay(now, 0, other.time).getTime() > now - MARGIN_MS,
  );
  const at = onDay(now, save.daysAgo + (early ? 1 : 0), save.time);
  const weekend = { 6: 1, 0: 2 }[at.getDay()];
  if (save.daysAgo > 1 && weekend !== undefined) at.setDate(at.getDate() - weekend);
  return at.getTime();
}

/** Counts calendar days, not hours: a clock change moves no save. */
function onDay(now: number, daysAgo: number, time: string): Date {
  const day = new Date(now);
  day.setDate(day.getDate() - daysAgo);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  day.setHours(hour, minute, (hour * 7 + minute) % 60, 0);
  return day;
}
