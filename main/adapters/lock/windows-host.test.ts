import { describe, expect, it } from 'vitest';

import type { RunProgram } from './host-probe.ts';
import {
  isNetworkPath,
  parseFileTime,
  parseRegistryValue,
  windowsIdentity,
  windowsSighting,
} from './windows-host.ts';

const GUID =
  '\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    6f9c1a52-7c0e-4a43-9d5b-1c2d3e4f5a6b\r\n\r\n';
const BOOT =
  '\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters\r\n    BootId    REG_DWORD    0x5c\r\n\r\n';

describe('reg query', () => {
  it('gives one value', () => {
    expect(parseRegistryValue(GUID, 'MachineGuid')).toBe('6f9c1a52-7c0e-4a43-9d5b-1c2d3e4f5a6b');
    expect(parseRegistryValue(BOOT, 'BootId')).toBe('0x5c');
  });

  it.each(['', 'ERROR: The system was unable to find the specified registry key or value.\r\n', BOOT])(
    'gives nothing for %j',
    (output) => {
      expect(parseRegistryValue(output, 'MachineGuid')).toBeNull();
    },
  );
});

it.each([
  ['134080893021234567\r\n', '134080893021234567'],
  ['  134080893021234567', '134080893021234567'],
  ['', null],
  ['Get-Process : Access is denied\r\n', null],
  ['13\r\n', null],
])('a FILETIME in %j: %s', (output, time) => {
  expect(parseFileTime(output)).toBe(time);
});

it.each([
  [String.raw`C:\Users\mike\repo\.git`, false],
  [String.raw`\\nas\team\repo\.git`, true],
  [String.raw`\\wsl.localhost\Debian\home\mike\repo`, true],
  [String.raw`\\?\UNC\nas\team`, true],
  [String.raw`\\?\C:\long\path`, false],
  [String.raw`\\.\C:\repo`, false],
])('%s is on a network: %s', (path, network) => {
  expect(isNetworkPath(path)).toBe(network);
});

function recorded(processes: Readonly<Record<number, string>>): RunProgram {
  return (file, args) => {
    const asked = args.join(' ');
    if (file === 'reg') return Promise.resolve(asked.includes('MachineGuid') ? GUID : BOOT);
    const pid = /Get-Process -Id (\d+)/.exec(asked)?.[1];
    return Promise.resolve(processes[Number(pid)] ?? null);
  };
}

describe('a recorded machine', () => {
  it('knows who it is', async () => {
    const self = await windowsIdentity(
      'session-log',
      'desk',
      recorded({ [process.pid]: '134080893021234567\r\n' }),
    );
    expect(self).toEqual({
      host: expect.stringMatching(/^[0-9a-f]{8}$/),
      boot: expect.stringMatching(/^[0-9a-f]{16}$/),
      pidns: '0',
      pid: process.pid,
      start: '134080893021234567',
    });
    expect(self.boot).not.toBe('0'.repeat(16));
  });

  it('does not know its boot without a counter, and says so', async () => {
    const self = await windowsIdentity('session-log', 'desk', () => Promise.resolve(null));
    expect(self).toMatchObject({ boot: '0'.repeat(16), start: '0' });
  });

  it('counts a process it may not ask as running', async () => {
    const run = recorded({ 300: '134080893021234567\r\n' });
    expect(await windowsSighting(300, run)).toEqual({ kind: 'running', start: '134080893021234567' });
    expect(await windowsSighting(4, run)).toEqual({ kind: 'running', start: null });
  });
});
