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
