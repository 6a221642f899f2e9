/**
 * Which process on which host wrote a record. `host`, `boot`, `pidns` and `start` are opaque: they are only ever
 * compared for equality.
 */
export interface OwnerIdentity {
  /** 8 hex digits derived from the machine's own id. */
  readonly host: string;
  /** 16 hex digits that change with every boot; UNKNOWN_BOOT if the host does not report it. */
  readonly boot: string;
  /** PID namespace (Linux), else `0`. */
  readonly pidns: string;
  readonly pid: number;
  /** When the process started, in the platform's own digits; UNKNOWN_START if it does not report it. */
  readonly start: string;
}

export interface RecordName extends OwnerIdentity {
  /** 16 hex digits: the generation, unique per acquisition. */
  readonly nonce: string;
}

export const UNKNOWN_BOOT = '0000000000000000';
export const UNKNOWN_START = '0';

const RECORD =
  /^o-(?<host>[0-9a-f]{8})-(?<boot>[0-9a-f]{16})-(?<pidns>\d{1,20})-(?<pid>[1-9]\d{0,9})-(?<start>\d{1,20})-(?<nonce>[0-9a-f]{16})$/;

// `kill` takes a 32-bit pid: a larger one would wrap around to another process, or a whole group.
const PID_MAX = 2_147_483_647;

/** Formats a record's name, at most 97 bytes. The name is the token: removing it is a compare-and-remove. */
export function formatRecordName(owner: OwnerIdentity, nonce: string): string {
  return `o-${owner.host}-${owner.boot}-${owner.pidns}-${owner.pid}-${owner.start}-${nonce}`;
}

/** @returns null for any name that is not exactly one of our records. */
export function parseRecordName(name: string): RecordName | null {
  const groups = RECORD.exec(name)?.groups;
  if (groups === undefined) return null;
  const { host, boot, pidns, pid, start, nonce } = groups;
  if (!host || !boot || !pidns || !pid || !start || !nonce) return null;
  const number = Number(pid);
  return number > PID_MAX ? null : { host, boot, pidns, pid: number, start, nonce };
}

const JUNK = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** Files that desktops create in any folder they open; they say nothing about who holds a lock. */
export function isDesktopJunk(name: string): boolean {
  return JUNK.has(name) || name.startsWith('._');
}
