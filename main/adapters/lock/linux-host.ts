import { readFile, readlink, statfs } from 'node:fs/promises';

import { bootDigits, hostDigits, pidExists } from './host-probe.ts';
import { UNKNOWN_START } from './record-name.ts';
import type { OwnerIdentity } from './record-name.ts';
import type { Processes, Sighting } from './verdict.ts';

/** The fields of a `/proc/<pid>/stat` line. */
export interface ProcStat {
  readonly state: string;
  /** Process id of the session leader. */
  readonly session: string;
  /** Clock ticks since boot. */
  readonly start: string;
}

/**
 * Parses a `/proc/<pid>/stat` line.
 * @returns null for any other text
 */
export function parseProcStat(text: string): ProcStat | null {
  // The second field is the program's name in parentheses, which may itself contain spaces and parentheses.
  const end = text.lastIndexOf(')');
  if (end < 0) return null;
  const fields = text
    .slice(end + 1)
    .trim()
    .split(/\s+/);
  // Fields 3, 6 and 22 of the line; the fields here start with the third.
  const [state, , , session] = fields;
  const start = fields[19];
  return state && session && start && /^\d+$/.test(start) ? { state, session, start } : null;
}

/** Evaluates `/proc/<pid>/stat`, or a mere existence check when it cannot be read. */
export function linuxSighting(stat: string | null, exists: () => boolean): Sighting {
  const parsed = stat === null ? null : parseProcStat(stat);
  // `hidepid` hides other users' processes from /proc, so "no such file" alone does not mean "no such process".
  if (parsed === null) return exists() ? { kind: 'running', start: null } : { kind: 'absent' };
  // X and x: dead, during the moment it is still readable.
  if (/^[ZXx]$/.test(parsed.state)) return { kind: 'zombie' };
  return { kind: 'running', start: parsed.start };
}

/** The number in `pid:[4026531836]`. */
export function parsePidNamespace(link: string | null): string {
  return /^pid:\[(\d{1,20})\]$/.exec(link ?? '')?.[1] ?? '0';
}

/** Identifies this process. Never fails: anything unreadable is marked as unknown, which leads to waiting, not to stealing a lock. */
export async function linuxIdentity(appKey: string, hostname: string): Promise<OwnerIdentity> {
  const [etc, dbus, boot, namespace, usable] = await Promise.all([
    textOf('/etc/machine-id'),
    textOf('/var/lib/dbus/machine-id'),
    textOf('/proc/sys/kernel/random/boot_id'),
    readlink('/proc/self/ns/pid').catch(() => null),
    procIsOurs(),
  ]);
  const stat = usable ? await textOf('/proc/self/stat') : null;
  return {
    host: hostDigits(appKey, etc ?? dbus, hostname),
    boot: bootDigits(boot),
    pidns: parsePidNamespace(namespace),
    pid: process.pid,
    start: (stat === null ? null : parseProcStat(stat)?.start) ?? UNKNOWN_START,
  };
}

export function linuxProcesses(): Processes {
  let usable: Promise<boolean> | undefined;
  return {
    look: async (pid) => {
      usable ??= procIsOurs();
      const stat = (await usable) ? await textOf(`/proc/${pid}/stat`) : null;
      return linuxSighting(stat, () => pidExists(pid));
    },
  };
}

/** A container may see the `/proc` of another PID namespace, whose numbers mean other processes. */
async function procIsOurs(): Promise<boolean> {
  return (await readlink('/proc/self').catch(() => '')) === String(process.pid);
}

async function textOf(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() === '' ? null : text.trim();
}

/** statfs types that another host, or a guest with its own kernel, may share. From Linux `magic.h` and others. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'nfs'],
  [0x517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x01021997, '9p'],
  // Also reported by virtiofs, correctly: a virtual machine shares it with its host.
  [0x65735546, 'fuse'],
  [0x786f4256, 'vboxsf'],
  [0xbacbacbc, 'vmhgfs'],
  [0x7c7c6673, 'prl_fs'],
  [0x00c36400, 'ceph'],
  [0x5346414f, 'afs'],
  [0x73757245, 'coda'],
  [0x0bd00bd0, 'lustre'],
  [0x47504653, 'gpfs'],
  [0x01161970, 'gfs2'],
  [0x7461636f, 'ocfs2'],
]);

/** @returns the name of a network file system, or null for a local one */
export function networkTypeOf(statfsType: number): string | null {
  return NETWORK_TYPES.get(statfsType >>> 0) ?? null;
}

export async function linuxOnNetwork(folder: string): Promise<boolean> {
  const stats = await statfs(folder).catch(() => null);
  // If it cannot be determined it counts as a network: then nobody is declared dead.
  return stats === null || networkTypeOf(stats.type) !== null;
}
