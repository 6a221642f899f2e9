/** Every duration and count of a git sync. Tests shorten them; the product uses LIMITS. Milliseconds unless said otherwise. */
export interface GitSyncLimits {
  /** A call that only looks. Generous: the first look at a large tree on a cold disk takes minutes. */
  readonly readMs: number;
  /** A small write: configuration, index, refs. */
  readonly writeMs: number;
  /** What the user's hooks may take during a commit, all together. */
  readonly hookMs: number;
  /** What signing a commit may take when no hook runs beside it: it has a key or it waits for a person. */
  readonly signMs: number;
  /** Added to a commit's limit for each file in it. */
  readonly perFileMs: number;
  /** Without a sign of life from the remote. */
  readonly silenceMs: number;
  /** A whole fetch or push that does show signs of life. */
  readonly transferMs: number;
  /** The rebase in the private work tree. */
  readonly integrateMs: number;
  /** Bringing the user's tree up to date; filters may fetch large files meanwhile. */
  readonly moveMs: number;
  /** How long a lock file of another git program is waited for. */
  readonly gitLockMs: number;
  /** Pushes tried at least when others push at the same time; at most as many in a row that meet a lock file in the remote. */
  readonly pushTries: number;
  /** After those, how long since the first one others may keep being quicker before the run is deferred. */
  readonly pushPatienceMs: number;
  /** Shortest and longest pause between two of them. */
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
