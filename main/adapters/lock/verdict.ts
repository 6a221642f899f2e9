import { parseRecordName, UNKNOWN_BOOT, UNKNOWN_START } from './record-name.ts';
import type { OwnerIdentity } from './record-name.ts';

/** `dead` is stable: once true of a record name it stays true, so acting on it late is harmless. */
export type Verdict = 'alive' | 'dead' | 'unknown';

/** The host's current information about a pid. */
export type Sighting =
  | { readonly kind: 'absent' }
  | { readonly kind: 'zombie' }
  /** `start` is null when the process exists and the host does not report its start. */
  | { readonly kind: 'running'; readonly start: string | null };

/** The processes of this host. */
export interface Processes {
  /**
   * @param pid process id, at least 1
   * @param start the start time claimed by a record; a platform with slow lookups may answer from memory that this
   * very process existed a moment ago, and only that.
   */
  look(pid: number, start: string): Promise<Sighting>;
}

/** What a judgement needs to know about the judge and the location. */
export interface Judge {
  readonly self: OwnerIdentity;
  readonly processes: Processes;
  /** Whether the lock is on a network file system. */
  readonly onNetwork: () => Promise<boolean>;
}

/**
 * Judges whether the owner of a record still lives. The order of the rules is part of the protocol.
 * @param name the record's file name, the only basis of a verdict
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
  // A start time unreadable on either side proves nothing: the pid exists, so the owner counts as alive.
  if (seen.start === null || record.start === UNKNOWN_START) return 'alive';
  return seen.start === record.start ? 'alive' : 'dead';
}
