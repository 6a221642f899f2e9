import type { SessionRow } from './session-list.ts';

/** When an agent deletes a session by itself, as far as its settings tell. */
export type Countdown =
  /** Epoch milliseconds from which it may be gone at any start of the agent; in the past: it may go at any moment. */
  | { readonly state: 'due'; readonly at: number }
  /** The agent deletes nothing while one of its settings files cannot be understood. */
  | { readonly state: 'paused'; readonly why: string }
  /** The agent keeps what it wrote in this way. */
  | { readonly state: 'exempt' }
  /** Something could not be asked. */
  | { readonly state: 'unknown'; readonly why: string }
  /** This agent never deletes a session. */
  | { readonly state: 'never' }
  /** Its transcript is gone already. */
  | { readonly state: 'gone' };

const DAY_MS = 86_400_000;

/** Whole days until a session may be deleted, 0 for today and for what is overdue; null where no day is set. */
export function daysLeft(countdown: Countdown, now: number): number | null {
  if (countdown.state !== 'due') return null;
  return Math.max(0, Math.floor((countdown.at - now) / DAY_MS));
}

/** Days before its deletion from which a session that is nowhere else is one that will be lost. */
export const AT_RISK_DAYS = 3;

/** Whether a session will soon be lost: its agent deletes it within days, and there is no whole copy. Folders that a person excluded, and runs of programs, are none. */
export function isAtRisk(
  { countdown, copy, inStore, log }: Pick<SessionRow, 'countdown' | 'copy' | 'inStore' | 'log'>,
  now: number,
): boolean {
  const days = daysLeft(countdown, now);
  const isWanted = log !== 'never' && log !== 'program' && log !== 'forgotten';
  return days !== null && days <= AT_RISK_DAYS && isWanted && copy !== 'whole' && !inStore;
}
