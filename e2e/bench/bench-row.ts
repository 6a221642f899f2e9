/** One figure of a benchmark. */
export interface BenchRow {
  readonly name: string;
  /** Median of the runs. */
  readonly value: number;
  readonly unit: string;
  /** The same figure of the peer in the same run; null when the target is absolute. */
  readonly peer: number | null;
  /** Ours to the peer's, so that the target reads as it was asked for. */
  readonly ratio: number | null;
  /** What it should reach, in words. */
  readonly target: string;
  readonly ok: boolean;
}
