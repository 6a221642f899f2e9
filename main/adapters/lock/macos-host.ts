import { realpath } from 'node:fs/promises';

import { bootDigits, hostDigits } from './host-probe.ts';
import type { RunProgram } from './host-probe.ts';
import { UNKNOWN_START } from './record-name.ts';
import type { OwnerIdentity } from './record-name.ts';
import type { Sighting } from './verdict.ts';

const DAY = String.raw`[A-Z][a-z]{2}`;
const LSTART = new RegExp(
  String.raw`^(?<state>\S+)\s+${DAY}\s+(?<month>${DAY})\s+(?<day>\d{1,2})\s+(?<time>\d{2}:\d{2}:\d{2})\s+(?<year>\d{4})$`,
);

/** Extracts the platform's id of this machine from `ioreg -rd1 -c IOPlatformExpertDevice`. */
export function parsePlatformUuid(ioreg: string): string | null {
  return /"IOPlatformUUID"\s*=\s*"([0-9A-Fa-f-]{36})"/.exec(ioreg)?.[1]?.toUpperCase() ?? null;
}

/** Parses `sysctl -n kern.bootsessionuuid`. Not `kern.boottime`: that changes when the clock is set. */
export function parseBootSession(sysctl: string): string | null {
  return /^\s*([0-9A-Fa-f-]{36})\s*$/.exec(sysctl)?.[1]?.toUpperCase() ?? null;
}

/**
 * Parses one line of `ps -o stat= -o lstart= -p <pid>` in the C locale and UTC.
 * @returns null when there is no such line; `start` in epoch seconds
 */
export function parsePs(output: string): { readonly state: string; readonly start: string } | null {
  const groups = LSTART.exec(output.trim())?.groups;
  if (groups === undefined) return null;
  const { state, month, day, time, year } = groups;
  const epochMs = Date.parse(`${day} ${month} ${year} ${time} UTC`);
  return state === undefined || Number.isNaN(epochMs) ? null : { state, start: String(epochMs / 1000) };
}

const NETWORK_VOLUME =
  /^(?:nfs|smbfs|cifs|afpfs|webdav|ftp|9p|virtiofs|fuse|osxfuse|macfuse|fusefs|prl_fs|vmhgfs|acfs)/;

/**
 * Whether a folder is on a network volume, from the output of `mount`.
 * @param folder absolute path with symlinks resolved
 */
export function isOnNetworkVolume(mount: string, folder: string): boolean {
  let best = '';
  let type = '';
  for (const line of mount.split('\n')) {
    const groups = /^.+? on (?<point>\/.*) \((?<type>[A-Za-z0-9_.]+)[,)]/.exec(line)?.groups;
    if (groups === undefined) continue;
    const { point = '', type: kind = '' } = groups;
    const inside = point === '/' || folder === point || folder.startsWith(`${point}/`);
    if (inside && point.length >= best.length) [best, type] = [point, kind];
  }
  // A folder on no known volume counts as a network: then nobody is declared dead.
  return best === '' || NETWORK_VOLUME.test(type);
}

export async function macosIdentity(
  appKey: string,
  hostname: string,
  run: RunProgram,
): Promise<OwnerIdentity> {
  const [ioreg, boot, ps] = await Promise.all([
    run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']),
    run('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']),
    runPs(process.pid, run),
  ]);
  return {
    host: hostDigits(appKey, parsePlatformUuid(ioreg ?? ''), hostname),
    boot: bootDigits(parseBootSession(boot ?? '')),
    pidns: '0',
    pid: process.pid,
    start: parsePs(ps ?? '')?.start ?? UNKNOWN_START,
  };
}

/** Asks `ps` about a process that is known to exist. */
export async function macosSighting(pid: number, run: RunProgram): Promise<Sighting> {
  const parsed = parsePs((await runPs(pid, run)) ?? '');
  if (parsed?.state.startsWith('Z') === true) return { kind: 'zombie' };
  return { kind: 'running', start: parsed?.start ?? null };
}

export async function macosOnNetwork(folder: string, run: RunProgram): Promise<boolean> {
  const [mount, real] = await Promise.all([run('/sbin/mount', []), realpath(folder).catch(() => folder)]);
  return isOnNetworkVolume(mount ?? '', real);
}

async function runPs(pid: number, run: RunProgram): Promise<string | null> {
  return run('/bin/ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)]);
}
