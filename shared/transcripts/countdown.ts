import type { SessionRow } from './session-list.ts';

/** When an agent deletes a session automatically, as far as its settings tell. */
export type Countdown =
  /** Epoch milliseconds from which any start of the agent may delete it; in the past: at any moment. */
  | { readonly state: 'due'; readonly at: number }
  /** The agent deletes nothing while one of its settings files cannot be parsed. */
  | { readonly state: 'paused'; readonly why: string }
  /** The agent keeps what was written in this way. */
  | { readonly state: 'exempt' }
  /** Something could not be determined. */
  | { readonly state: 'unknown'; readonly why: string }
  /** This agent never deletes a session. */
  | { readonly state: 'never' }
  /** Its transcript is already gone. */
  | { readonly state: 'gone' };

const DAY_MS = 86_400_000;

/** Whole days until a session may be deleted, 0 for today and overdue; null if no day is set. */
export function daysLeft(countdown: Countdown, now: number): number | null {
  if (countdown.state !== 'due') return null;
  return Math.max(0, Math.floor((countdown.at - now) / DAY_MS));
}

/** A session that exists nowhere else is at risk from this many days before its deletion. */
export const AT_RISK_DAYS = 3;

/** Whether a session will soon be lost: its agent deletes it within days, and there is no complete copy. Excluded folders and runs by programs do not count. */
export function isAtRisk(
  { countdown, copy, inStore, log }: Pick<SessionRow, 'countdown' | 'copy' | 'inStore' | 'log'>,
  now: number,
): boolean {
  const days = daysLeft(countdown, now);
  const isWanted = log !== 'never' && log !== 'program' && log !== 'forgotten';
  return days !== null && days <= AT_RISK_DAYS && isWanted && copy !== 'whole' && !inStore;
}
