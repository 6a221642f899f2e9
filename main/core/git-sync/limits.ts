/** Every duration and count of a git sync. Tests shorten them; the product uses LIMITS. Milliseconds unless said otherwise. */
export interface GitSyncLimits {
  /** A read-only call. Generous: the first read of a large tree on a cold disk takes minutes. */
  readonly readMs: number;
  /** A small write: configuration, index, refs. */
  readonly writeMs: number;
  /** Total time of the user's hooks during a commit. */
  readonly hookMs: number;
  /** Time to sign a commit without hooks: it has a key or waits for a person. */
  readonly signMs: number;
  /** Added to a commit's limit for each file in it. */
  readonly perFileMs: number;
  /** Without any output from the remote. */
  readonly silenceMs: number;
  /** A whole fetch or push with output. */
  readonly transferMs: number;
  /** The rebase in the private work tree. */
  readonly integrateMs: number;
  /** Updating the user's tree; filters may fetch large files meanwhile. */
  readonly moveMs: number;
  /** How long to wait for another git program's lock file. */
  readonly gitLockMs: number;
  /** Fewest pushes tried while others push at the same time; also the most in a row that meet a lock file in the remote. */
  readonly pushTries: number;
  /** After those, how long since the first one others may keep winning before the run is deferred. */
  readonly pushPatienceMs: number;
  /** Shortest and longest pause between two pushes. */
  readonly pushPauseMinMs: number;
  readonly pushPauseMaxMs: number;
}

export const LIMITS: GitSyncLimits = {
  readMs: 180_000,
  writeMs: 60_000,
  hookMs: 60_000,
  signMs: 20_000,
  perFileMs: 50,
  silenceMs: 30_000,
  transferMs: 3_600_000,
  integrateMs: 300_000,
  moveMs: 900_000,
  gitLockMs: 19_000,
  pushTries: 6,
  pushPatienceMs: 30_000,
  pushPauseMinMs: 200,
  pushPauseMaxMs: 3_000,
};
