import { DamagedIndex } from './index-faults.ts';

/** A segment whose entries are in the tables. */
export interface KnownSegment {
  readonly name: string;
  /** Stored in its rows; 0 is the head. */
  readonly number: number;
  /** False when another list took over one of its paths: it is fetched again before it counts as known. */
  readonly whole: boolean;
}

/** Parses the `segments` column of a shard. */
export function readSegments(value: unknown): KnownSegment[] {
  if (!Array.isArray(value)) throw new DamagedIndex('the list of segments cannot be read');
  return (value as [string, number, number][]).map(([name, number, whole]) => ({
    name,
    number,
    whole: whole === 1,
  }));
}
