import { describe, expect, it } from 'vitest';

import type { RunProgram } from './host-probe.ts';
import {
  isOnNetworkVolume,
  macosIdentity,
  macosSighting,
  parseBootSession,
  parsePlatformUuid,
  parsePs,
} from './macos-host.ts';

const IOREG = `+-o J314sAP  <class IOPlatformExpertDevice, id 0x100000222, registered, matched, active, busy 0>
    {
      "IOPolledInterface" = "AppleARMWatchdogTimerHibernateHandler is not serializable"
      "IOPlatformUUID" = "5A1C2F0E-9D3B-5C44-8A67-0123456789AB"
      "serial-number" = <433032>
      "IOPlatformSerialNumber" = "C02ABCDEFGHI"
    }
`;
const BOOT = 'B5D0F3A1-2C3D-4E5F-8091-A2B3C4D5E6F7\n';
const MOUNT = `/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect, root data)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
//mike@nas._smb._tcp.local/Team on /Volumes/Team (smbfs, nodev, nosuid, mounted by mike)
nas:/export on /Volumes/My (old) share (nfs, nodev, nosuid)
/dev/disk5s1 on /Volumes/Team/inner (msdos, local, nodev, nosuid, noowners)
macfuse@macfuse0 on /Users/mike/remote (macfuse, synchronous, mounted by mike)
`;

describe('ioreg and sysctl', () => {
  it('give the machine and the boot session', () => {
    expect(parsePlatformUuid(IOREG)).toBe('5A1C2F0E-9D3B-5C44-8A67-0123456789AB');
    expect(parseBootSession(BOOT)).toBe('B5D0F3A1-2C3D-4E5F-8091-A2B3C4D5E6F7');
  });

  it('give nothing when they say something else', () => {
    expect(parsePlatformUuid('')).toBeNull();
    expect(parseBootSession('{ sec = 1763626502, usec = 0 } Thu Nov 20 09:15:02 2025\n')).toBeNull();
  });
});

describe('ps', () => {
  it.each([
    ['Ss   Thu Nov 20 09:15:02 2025\n', 'Ss', Date.UTC(2025, 10, 20, 9, 15, 2)],
    ['S+   Sun Feb  1 00:00:00 2026    \n', 'S+', Date.UTC(2026, 1, 1)],
    ['Z    Wed Dec 31 23:59:59 2025\n', 'Z', Date.UTC(2025, 11, 31, 23, 59, 59)],
  ])('%j', (line, state, epochMs) => {
    expect(parsePs(line)).toEqual({ state, start: String(epochMs / 1000) });
  });

  it.each(['', '\n', 'Ss\n', 'Ss   jeu. 20 nov. 09:15:02 2025\n', 'Ss   Thu Nox 20 09:15:02 2025\n'])(
    '%j says nothing',
    (line) => {
      expect(parsePs(line)).toBeNull();
    },
  );
});

describe('mount', () => {
  it.each([
    ['/Users/mike/code/.git', false],
    ['/', false],
    ['/Volumes/Team/repo/.git', true],
    ['/Volumes/Team', true],
    ['/Volumes/Teammates', false],
    ['/Volumes/Team/inner/repo', false],
    ['/Volumes/My (old) share/repo', true],
    ['/Users/mike/remote/repo/.git', true],
  ])('%s is on a network: %s', (folder, network) => {
    expect(isOnNetworkVolume(MOUNT, folder)).toBe(network);
  });

  it('that says nothing counts as a network', () => {
    expect(isOnNetworkVolume('', '/Users/mike')).toBe(true);
  });
});

/** Answers as a recorded machine did; null for every other question. */
function recorded(answers: Readonly<Record<string, string>>): RunProgram {
  return (file, args) => Promise.resolve(answers[[file, ...args].join(' ')] ?? null);
}

const PS_SELF = `/bin/ps -o stat= -o lstart= -p ${process.pid}`;
const MACHINE = recorded({
  '/usr/sbin/ioreg -rd1 -c IOPlatformExpertDevice': IOREG,
  '/usr/sbin/sysctl -n kern.bootsessionuuid': BOOT,
  [PS_SELF]: 'S+   Thu Nov 20 09:15:02 2025\n',
  '/bin/ps -o stat= -o lstart= -p 300': 'Z    Thu Nov 20 09:15:02 2025\n',
  '/bin/ps -o stat= -o lstart= -p 301': 'S    Thu Nov 20 09:15:03 2025\n',
});

describe('a recorded machine', () => {
  it('knows who it is', async () => {
    const self = await macosIdentity('session-log', 'book', MACHINE);
    expect(self).toEqual({
      host: expect.stringMatching(/^[0-9a-f]{8}$/),
      boot: expect.stringMatching(/^[0-9a-f]{16}$/),
      pidns: '0',
      pid: process.pid,
      start: String(Date.UTC(2025, 10, 20, 9, 15, 2) / 1000),
    });
    expect(self.boot).not.toBe('0'.repeat(16));
  });

  it('stays careful when nothing answers', async () => {
    const self = await macosIdentity('session-log', 'book', recorded({}));
    expect(self).toMatchObject({ boot: '0'.repeat(16), start: '0' });
  });

  it('tells zombies from the living', async () => {
    expect(await macosSighting(300, MACHINE)).toEqual({ kind: 'zombie' });
    expect(await macosSighting(301, MACHINE)).toEqual({
      kind: 'running',
      start: String(Date.UTC(2025, 10, 20, 9, 15, 3) / 1000),
    });
    expect(await macosSighting(302, MACHINE)).toEqual({ kind: 'running', start: null });
  });
});
