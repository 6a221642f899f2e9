/**
 * How much the gates try, in one place. `perCommit` is the sample of `npm test`, which begins elsewhere with every commit; `deep` is
 * `npm run test:deep`: all of it, for a night. docs/reliability.md has the figures of the night.
 */
export interface Effort {
  /** Real processes at the lock: the run ends when all of these are reached. */
  readonly lockStress: {
    readonly acquisitions: number;
    readonly reclaims: number;
    readonly kills: number;
    /** A machine that has not got there by then is broken, or the lock is. */
    readonly secondsMax: number;
  };
  /** Random orders of four processes at the lock. */
  readonly lockSeeds: number;
  /** Of all places where a git sync can be killed, one in so many is; by what is killed there. */
  readonly gitKills: {
    readonly git: number;
    /** The driver, by fixture: they reach much the same code, and a kill takes about a second. */
    readonly driver: Readonly<Record<'moving' | 'rebased' | 'conflict', number>>;
    /** The driver, and then the driver that repairs. */
    readonly repair: Readonly<Record<'moving' | 'rebased' | 'conflict', number>>;
  };
  /** Sessions in each of two clones, and how often each of them saves. */
  readonly gitSessions: { readonly sessions: number; readonly saves: number; readonly killOneIn: number };
}

const ALL = { moving: 1, rebased: 1, conflict: 1 };

// LOCK_STRESS=100 makes a night of it: 1,000,000 acquisitions, 300,000 reclaims, 5,000 SIGKILLs.
const NIGHT = Number(process.env['LOCK_STRESS'] ?? 10);

export const EFFORT: Readonly<Record<'perCommit' | 'deep', Effort>> = {
  perCommit: {
    lockStress: { acquisitions: 1_000, reclaims: 300, kills: 8, secondsMax: 240 },
    lockSeeds: 500,
    gitKills: {
      git: 80,
      driver: { moving: 24, rebased: 48, conflict: 48 },
      repair: { moving: 8, rebased: 16, conflict: 16 },
    },
    gitSessions: { sessions: 4, saves: 4, killOneIn: 25 },
  },
  deep: {
    lockStress: {
      acquisitions: 10_000 * NIGHT,
      reclaims: 3_000 * NIGHT,
      kills: 50 * NIGHT,
      secondsMax: 300 * NIGHT,
    },
    lockSeeds: 100_000,
    gitKills: { git: 1, driver: ALL, repair: ALL },
    gitSessions: { sessions: 4, saves: 250, killOneIn: 25 },
  },
};
