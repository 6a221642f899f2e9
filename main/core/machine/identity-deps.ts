import type { Answer } from '../../../shared/app-error.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Locks } from '../ports/lock.ts';
import type { MachineProbe } from '../ports/machine-probe.ts';
import type { DataPaths } from '../files/data-paths.ts';

/** Dependencies of the machine's identity. */
export interface IdentityDeps {
  readonly files: Files;
  readonly probe: MachineProbe;
  readonly clock: Clock;
  readonly random: Random;
  readonly bytes: Bytes;
  readonly locks: Locks;
  /** The system's name of this account; distinguishes accounts of one computer. */
  readonly account: string;
  readonly paths: Pick<DataPaths, 'home' | 'machineId' | 'state' | 'syncLock'>;
}

/** How long an identity change waits for a running sync. */
const WAIT_MS = 30_000;

/**
 * Changes the identity while no sync of this data folder runs: a push that began as one machine must not end as another.
 * @returns `lock-held` when a sync does not end in time
 */
export async function whileNoSyncRuns<T>(deps: IdentityDeps, run: () => Answer<T>): Answer<T> {
  const made = await deps.files.makeFolder(deps.paths.state);
  if (!made.ok) return made;
  const lock = await deps.locks.acquire({ path: deps.paths.syncLock, command: 'identity', waitMs: WAIT_MS });
  if (!lock.ok) return lock;
  try {
    return await run();
  } finally {
    await lock.value.release();
  }
}
