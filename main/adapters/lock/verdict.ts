import { parseRecordName, UNKNOWN_BOOT, UNKNOWN_START } from './record-name.ts';
import type { OwnerIdentity } from './record-name.ts';

/** `dead` is stable: once true of a record name it stays true, so acting on it late is harmless. */
export type Verdict = 'alive' | 'dead' | 'unknown';

/** What the host says about a pid right now. */
export type Sighting =
  | { readonly kind: 'absent' }
  | { readonly kind: 'zombie' }
  /** `start` is null when the process exists and the host does not tell since when. */
  | { readonly kind: 'running'; readonly start: string | null };

/** The processes of this host. */
export interface Processes {
  /**
   * @param pid process id, at least 1
   * @param start the start time a record claims; a platform where asking is slow may answer from memory that this
   * very process was there a moment ago, and only that.
   */
  look(pid: number, start: string): Promise<Sighting>;
}

/** What a judgement needs to know of the judge and of the place. */
export interface Judge {
  readonly self: OwnerIdentity;
  readonly processes: Processes;
  /** Is the lock on a network file system? */
  readonly onNetwork: () => Promise<boolean>;
}

/**
 * Says whether the owner of a record still lives. The order of the rules is part of the protocol.
 * @param name the record's file name, which is all that a verdict may rest on
 */
export async function judge(name: string, by: Judge): Promise<Verdict> {
  const record = parseRecordName(name);
  if (record === null) return 'unknown';
  if (record.host !== by.self.host) return 'unknown';
  if (await by.onNetwork()) {
    // Cloned machines can share a machine id, so over a network "our" dead process may be somebody else's live one.
    const seen = await by.processes.look(record.pid, record.start);
    return seen.kind === 'running' && seen.start === record.start ? 'alive' : 'unknown';
  }
  const bootsKnown = record.boot !== UNKNOWN_BOOT && by.self.boot !== UNKNOWN_BOOT;
  if (bootsKnown && record.boot !== by.self.boot) return 'dead';
  if (record.pidns !== by.self.pidns) return 'unknown';
  const seen = await by.processes.look(record.pid, record.start);
  if (seen.kind !== 'running') return 'dead';
  // A start time that one side could not read proves nothing: the pid exists, so the owner counts as alive.
  if (seen.start === null || record.start === UNKNOWN_START) return 'alive';
  return seen.start === record.start ? 'alive' : 'dead';
}
