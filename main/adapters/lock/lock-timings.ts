/** Every duration of the lock, in milliseconds. Tests shorten them; the product uses LOCK_TIMINGS. */
export interface LockTimings {
  /** An empty lock folder younger than this belongs to somebody between two system calls. */
  readonly graceMs: number;
  /** How often an owner touches its record. */
  readonly heartbeatMs: number;
  /** An owner nothing is known about is given up when its record is older than this… */
  readonly unknownAgeMs: number;
  /** …and has not changed while we watched for this long on our own monotonic clock. */
  readonly unknownWatchMs: number;
  /** The same for an older program's lock whose process cannot be judged from here: it has no heartbeat. */
  readonly olderAgeMs: number;
  /** Minimum and maximum nap between two looks at a held lock; each is varied by a quarter. */
  readonly napMinMs: number;
  readonly napMaxMs: number;
  /** How long a free lock is left to an earlier live waiter; 0 disables the courtesy. */
  readonly courtesyMs: number;
  /** Age after which a dead process's side folder is litter. */
  readonly sweepAgeMs: number;
  /** Windows: a rename refused without an obstacle (a virus scanner) is retried. */
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
  // One longest nap: by then any running waiter has looked.
  courtesyMs: 1300,
  sweepAgeMs: 10 * 60_000,
  windowsTries: 10,
  windowsTryMs: 20,
};
