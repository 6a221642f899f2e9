import { hostname, release } from 'node:os';
import { join } from 'node:path';
import { isObject, parseJson } from '../../../shared/json.ts';
import type { HardwarePart, MachineFacts, MachineProbe } from '../../core/ports/machine-probe.ts';
import { runSystemProgram, type RunSystemProgram } from '../process/system-program.ts';
import { hashPart, isPlaceholder, soundsVirtual } from './hash-part.ts';

const REGISTRY_DEADLINE_MS = 5_000;
/** PowerShell alone takes seconds when a virus scanner sees it for the first time. */
const POWERSHELL_DEADLINE_MS = 20_000;

/**
 * A single query, because starting PowerShell takes most of the time. Every class here is readable by an ordinary user.
 * MSFT_NetAdapter returns the permanent address, where Win32_NetworkAdapter returns a random one.
 */
const QUESTION = [
  "$ErrorActionPreference='SilentlyContinue'",
  '$p=Get-CimInstance Win32_ComputerSystemProduct',
  '$s=Get-CimInstance Win32_ComputerSystem',
  '$b=Get-CimInstance Win32_BIOS',
  '$m=Get-CimInstance Win32_BaseBoard',
  '$c=@(Get-CimInstance Win32_Processor)[0]',
  '$n=@(Get-CimInstance -Namespace root/StandardCimv2 MSFT_NetAdapter|%{@{address=$_.PermanentAddress;place=$_.PnPDeviceID}})',
  '@{uuid=$p.UUID;vendor=$s.Manufacturer;model=$s.Model;serial=$b.SerialNumber;boardVendor=$m.Manufacturer;board=$m.Product;cpu=$c.Name;net=$n}|ConvertTo-Json -Compress -Depth 3',
].join(';');

/** Replacements for the real machine that {@link createWindowsProbe} accepts. */
export interface WindowsProbeDeps {
  readonly run?: RunSystemProgram;
  readonly hostname?: () => string;
  readonly release?: string;
}

/**
 * The components of a Windows machine, from what an ordinary user may query. docs/identity.md says which components count
 * where and why.
 */
export function createWindowsProbe(deps: WindowsProbeDeps = {}): MachineProbe {
  const host = deps.hostname ?? hostname;
  return { probe: () => probeWindows(deps, host()), hostname: host };
}

async function probeWindows(deps: WindowsProbeDeps, host: string): Promise<MachineFacts> {
  const run = deps.run ?? runSystemProgram;
  const system32 = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32');
  const [answer, registry] = await Promise.all([
    run(
      join(system32, 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
      ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-Command', QUESTION],
      POWERSHELL_DEADLINE_MS,
    ),
    run(
      join(system32, 'reg.exe'),
      // The 64-bit view, even for a 32-bit program: the other one may lack it.
      ['query', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid', '/reg:64'],
      REGISTRY_DEADLINE_MS,
    ),
  ]);
  const output = parseJson(answer.stdout.replace(/^\ufeff/, ''));
  const told = isObject(output) ? output : null;
  const problems: string[] = [];
  if (told === null)
    problems.push(`hardware: ${answer.problem ?? 'PowerShell gave no answer that can be read'}`);
  const text = (key: string): string => {
    const value = told?.[key];
    return typeof value === 'string' ? value.trim() : '';
  };
  const model = words(text('vendor'), text('model')) || 'unknown';
  const virtual = soundsVirtual(model);

  const parts: HardwarePart[] = [];
  const add = (key: string, value: string): void => {
    if (value !== '') parts.push({ key, value });
  };
  const addHashed = (key: string, raw: string): void => {
    if (!isPlaceholder(raw)) parts.push({ key, value: hashPart(raw) });
  };
  addHashed('smbios_hash', text('uuid').toLowerCase());
  addHashed('serial_hash', text('serial'));
  addHashed('mac_hash', macAddress(told?.['net'], virtual));
  // A reinstall creates a new one, so it counts only where the hardware is a file, or reveals nothing of its own.
  if (parts.length === 0 || virtual) {
    const guid = /MachineGuid\s+REG_SZ\s+([0-9A-Fa-f-]{36})/.exec(registry.stdout)?.[1];
    if (guid === undefined) problems.push(`MachineGuid: ${registry.problem ?? 'not in the registry'}`);
    else addHashed('machine_guid_hash', `session-log:${guid.toLowerCase()}`);
  }
  add('cpu', text('cpu'));
  add('model', model);
  add('board', words(text('boardVendor'), text('board')));
  return {
    parts,
    problems,
    hostname: host,
    platform: 'Windows',
    platformVersion: deps.release ?? release(),
    model,
  };
}

/** The first built-in adapter, in bus order; USB adapters travel between machines. */
function macAddress(net: unknown, virtual: boolean): string {
  const found: { readonly place: string; readonly address: string }[] = [];
  // ConvertTo-Json writes a one-element list as the element itself.
  for (const adapter of (Array.isArray(net) ? net : [net]) as readonly unknown[]) {
    const { address, place } = (adapter ?? {}) as { address?: unknown; place?: unknown };
    if (typeof address !== 'string' || typeof place !== 'string') continue;
    if (!/^(?:[0-9A-Fa-f]{2}[-:]?){6}$/.test(address) || isPlaceholder(address)) continue;
    if (!/^PCI\\/i.test(place) && !(virtual && /^(?:VMBUS|XENVIF|XEN)\\/i.test(place))) continue;
    const plain = address.replaceAll(/[-:]/g, '').toLowerCase();
    found.push({ place: place.toUpperCase(), address: plain.replaceAll(/(..)(?!$)/g, '$1:') });
  }
  return found.sort((a, b) => (a.place < b.place ? -1 : 1))[0]?.address ?? '';
}

function words(...all: readonly string[]): string {
  return all.filter((word) => word !== '').join(' ');
}
