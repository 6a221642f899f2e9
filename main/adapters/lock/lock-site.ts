import { basename, dirname, join } from 'node:path';

import type { LockFs } from './lock-fs.ts';
import type { LockTimings } from './lock-timings.ts';
import { parseRecordName } from './record-name.ts';
import type { OwnerIdentity } from './record-name.ts';
import type { Witness } from './socket-witness.ts';
import { judge } from './verdict.ts';
import type { Processes, Verdict } from './verdict.ts';

/** The clock the lock needs. */
export interface LockClock {
  /** Monotonic milliseconds, used to measure every wait and watch. */
  now(): number;
  /** Epoch milliseconds: for people, and for one shortcut that is safe when the clock is wrong. */
  wall(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `beat` every `ms` without keeping the process alive. @returns a function that stops it. */
  every(ms: number, beat: () => void): () => void;
}

/** Everything outside the protocol itself. */
export interface LockDeps {
  readonly fs: LockFs;
  readonly clock: LockClock;
  /** Windows renames never replace a folder, so there the rename alone decides. */
  readonly platform: 'posix' | 'windows';
  /** Identity of this process; requested once, on first use. */
  readonly identity: () => Promise<OwnerIdentity>;
  readonly processes: Processes;
  /** Whether this folder is on a network file system. */
  readonly onNetwork: (folder: string) => Promise<boolean>;
  /** 16 fresh random hex digits. */
  readonly nonce: () => string;
  /** A random number from 0 (inclusive) to 1 (exclusive), for naps. */
  readonly jitter: () => number;
  /** For people: the user running this, and the host. */
  readonly who: string;
  readonly hostname: string;
  readonly witness?: Witness;
  readonly timings: LockTimings;
}

/** What this process remembers between acquisitions. */
export interface LockMemory {
  /** Our own records that we gave up without being able to remove them. */
  readonly abandoned: Set<string>;
  /** For things that must not change: the modification time last seen, and since when by our monotonic clock. */
  readonly watched: Map<string, { readonly mtimeMs: number; readonly since: number }>;
  /** Earlier waiters that did not take a free lock in time: suspended, so nobody waits for them twice. */
  readonly sleepers: Set<string>;
}

/** One lock, as seen by one process. */
export interface LockSite {
  readonly deps: LockDeps;
  /** L: the lock folder. */
  readonly path: string;
  /** D: its parent folder. */
  readonly folder: string;
  /** Prefix of the names of side folders, `<lock>.t-`. */
  readonly sidePrefix: string;
  readonly self: OwnerIdentity;
  readonly memory: LockMemory;
  /** Path of a record inside the lock. */
  recordPath(record: string): string;
  /** Judges the owner of such a record, wherever it is beside the lock. */
  judge(record: string): Promise<Verdict>;
}

export function lockSite(deps: LockDeps, path: string, self: OwnerIdentity, memory: LockMemory): LockSite {
  const folder = dirname(path);
  return {
    deps,
    path,
    folder,
    sidePrefix: `${basename(path)}.t-`,
    self,
    memory,
    recordPath: (record) => join(path, record),
    judge: async (record) => {
      // Ours, given up, and still there: we know best that it holds nothing.
      if (memory.abandoned.has(record)) return 'dead';
      const { processes, witness } = deps;
      const local = parseRecordName(record)?.host === self.host;
      if (local && witness !== undefined && (await witness.answers(record))) return 'alive';
      return judge(record, { self, processes, onNetwork: () => deps.onNetwork(folder) });
    },
  };
}

/**
 * How long, by our own monotonic clock, something has been seen with this modification time.
 * @returns milliseconds; 0 when it has changed since the last look or was never seen
 */
export function unmovedFor(site: LockSite, key: string, mtimeMs: number): number {
  const { watched } = site.memory;
  const now = site.deps.clock.now();
  const before = watched.get(key);
  if (before !== undefined && before.mtimeMs === mtimeMs) return now - before.since;
  // A long-lived process must not accumulate every generation it ever saw.
  if (watched.size > 100) watched.clear();
  watched.set(key, { mtimeMs, since: now });
  return 0;
}
