/** Every duration of the lock, in milliseconds. Tests shorten them; the product uses LOCK_TIMINGS. */
export interface LockTimings {
  /** An empty lock folder younger than this belongs to somebody between two system calls. */
  readonly graceMs: number;
  /** How often an owner touches its record. */
  readonly heartbeatMs: number;
  /** An owner of whom nothing is known is given up when its record is older than this… */
  readonly unknownAgeMs: number;
  /** …and has not moved while we watched for this long on our own monotonic clock. */
  readonly unknownWatchMs: number;
  /** The same for the lock of an older program that names a process which cannot be judged from here: it gives no signs of life. */
  readonly olderAgeMs: number;
  /** First and longest nap between two looks at a held lock; each is varied by a quarter. */
  readonly napMinMs: number;
  readonly napMaxMs: number;
  /** How long a free lock is left to a live waiter that came earlier; 0 turns the courtesy off. */
  readonly courtesyMs: number;
  /** A side folder of a dead process is litter after this. */
  readonly sweepAgeMs: number;
  /** Windows: a rename refused although nothing is in the way (a virus scanner) is tried again. */
  readonly windowsTries: number;
  readonly windowsTryMs: number;
}

export const LOCK_TIMINGS: LockTimings = {
  graceMs: 10_000,
  heartbeatMs: 15_000,
  unknownAgeMs: 15 * 60_000,
  unknownWatchMs: 60_000,
  olderAgeMs: 24 * 60 * 60_000,
  napMinMs: 50,
  napMaxMs: 1000,
  // One longest nap: by then a waiter that is running has looked.
  courtesyMs: 1300,
  sweepAgeMs: 10 * 60_000,
  windowsTries: 10,
  windowsTryMs: 20,
};
