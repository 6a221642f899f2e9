import { realpath } from 'node:fs/promises';

import { bootDigits, hostDigits } from './host-probe.ts';
import type { RunProgram } from './host-probe.ts';
import { UNKNOWN_START } from './record-name.ts';
import type { OwnerIdentity } from './record-name.ts';
import type { Sighting } from './verdict.ts';

/** Extracts a value from `reg query <key> /v <name>`; the surrounding words are not localized. */
export function parseRegistryValue(output: string, name: string): string | null {
  for (const line of output.split(/\r?\n/)) {
    const [found, type, ...value] = line.trim().split(/\s{2,}|\t/);
    if (found === name && type?.startsWith('REG_') === true) return value.join(' ').trim() || null;
  }
  return null;
}

/** Parses a FILETIME (100 ns since 1601) as printed by PowerShell: digits only. */
export function parseFileTime(output: string): string | null {
  return /^\s*(\d{15,20})\s*$/.exec(output)?.[1] ?? null;
}

/** Whether a resolved path is on a server; a mapped drive letter has been resolved to one. */
export function isNetworkPath(realPath: string): boolean {
  return /^\\\\(?![?.]\\)/.test(realPath) || /^\\\\\?\\UNC\\/i.test(realPath);
}

const GUID_KEY = String.raw`HKLM\SOFTWARE\Microsoft\Cryptography`;
const BOOT_KEY = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters`;

/**
 * Identifies this process. Uses the boot counter rather than the boot time: Windows moves that time when the clock is
 * set, and a live owner would then look dead. Without a counter the boot stays unknown, which loses nothing, because
 * start times here are absolute.
 */
export async function windowsIdentity(
  appKey: string,
  hostname: string,
  run: RunProgram,
): Promise<OwnerIdentity> {
  const [guid, boot, start] = await Promise.all([
    run('reg', ['query', GUID_KEY, '/v', 'MachineGuid', '/reg:64']),
    run('reg', ['query', BOOT_KEY, '/v', 'BootId']),
    startOf(process.pid, run),
  ]);
  return {
    host: hostDigits(appKey, parseRegistryValue(guid ?? '', 'MachineGuid')?.toLowerCase() ?? null, hostname),
    boot: bootDigits(parseRegistryValue(boot ?? '', 'BootId')),
    pidns: '0',
    pid: process.pid,
    start: start ?? UNKNOWN_START,
  };
}

/** Asks PowerShell about a process that is known to exist; a protected process does not report its start, and counts as alive. */
export async function windowsSighting(pid: number, run: RunProgram): Promise<Sighting> {
  return { kind: 'running', start: await startOf(pid, run) };
}

export async function windowsOnNetwork(folder: string): Promise<boolean> {
  return isNetworkPath(await realpath(folder).catch(() => String.raw`\\unknown`));
}

async function startOf(pid: number, run: RunProgram): Promise<string | null> {
  const script = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
  return parseFileTime(
    (await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script])) ?? '',
  );
}
