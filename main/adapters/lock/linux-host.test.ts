import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { pidExists } from './host-probe.ts';
import {
  linuxIdentity,
  linuxOnNetwork,
  linuxProcesses,
  linuxSighting,
  networkTypeOf,
  parsePidNamespace,
  parseProcStat,
} from './linux-host.ts';
import { onLinux } from '../../testing/only.ts';

const TAIL = '5027 5027 3524 0 -1 4194304 97 0 0 0 0 0 0 0 20 0 1 0 59625 3133440 357 18446744073709551615';
const yes = (): boolean => true;
const no = (): boolean => false;

describe('/proc/<pid>/stat', () => {
  it.each([
    ['a plain name', `5032 (cat) R ${TAIL}`, 'R'],
    ['blanks in the name', `5032 (Web Content) S ${TAIL}`, 'S'],
    ['parentheses in the name', `5032 (a) b) (c)) D ${TAIL}`, 'D'],
    ['a name that looks like fields', `5032 (x) Z 1 1 1 1 1 1) T ${TAIL}`, 'T'],
  ])('gives state and start with %s', (_, line, state) => {
    expect(parseProcStat(line)).toEqual({ state, session: '3524', start: '59625' });
  });

  it.each(['', '5032', '5032 (cat', '5032 (cat) R 1 2 3', `5032 (cat) R ${TAIL.replace('59625', 'x')}`])(
    'gives nothing for %j',
    (line) => {
      expect(parseProcStat(line)).toBeNull();
    },
  );
});

describe('a process', () => {
  it('that /proc hides but the kernel knows counts as running', () => {
    expect(linuxSighting(null, yes)).toEqual({ kind: 'running', start: null });
    expect(linuxSighting(null, no)).toEqual({ kind: 'absent' });
  });

  it.each(['Z', 'X', 'x'])('in state %s is a zombie', (state) => {
    expect(linuxSighting(`1 (z) ${state} ${TAIL}`, yes)).toEqual({ kind: 'zombie' });
  });

  it.each(['R', 'S', 'D', 'T', 't', 'I'])('in state %s runs', (state) => {
    expect(linuxSighting(`1 (z) ${state} ${TAIL}`, no)).toEqual({ kind: 'running', start: '59625' });
  });
});

it('reads the PID namespace', () => {
  expect(parsePidNamespace('pid:[4026531836]')).toBe('4026531836');
  expect(parsePidNamespace(null)).toBe('0');
  expect(parsePidNamespace('user:[1]')).toBe('0');
});

it.each([
  [0x6969, 'nfs'],
  [0xff534d42, 'cifs'],
  // The same number as a signed 32-bit one, as some kernels hand it out.
  [0xff534d42 | 0, 'cifs'],
  [0x01021997, '9p'],
  [0x65735546, 'fuse'],
  [0xef53, null],
  [0x9123683e, null],
  [0x58465342, null],
  [0x01021994, null],
  [0x794c7630, null],
])('statfs type %i is a network: %s', (type, name) => {
  expect(networkTypeOf(type)).toBe(name);
});

onLinux.describe('on this machine', () => {
  it('finds itself', async () => {
    const self = await linuxIdentity('session-log', 'here');
    expect(self).toMatchObject({ pid: process.pid, host: expect.stringMatching(/^[0-9a-f]{8}$/) });
    expect(self.boot).not.toBe('0'.repeat(16));
    expect(self.pidns).not.toBe('0');
    const [, uptime] = [await readFile('/proc/self/stat', 'utf8'), await readFile('/proc/uptime', 'utf8')];
    // Ticks since the start of the host: some, and not more than have passed.
    expect(Number(self.start)).toBeGreaterThan(0);
    expect(Number(self.start) / 100).toBeLessThanOrEqual(Number(uptime.split(' ')[0]));
    expect(await linuxProcesses().look(process.pid, '')).toEqual({ kind: 'running', start: self.start });
    expect(await linuxIdentity('another program', 'here')).not.toMatchObject({ host: self.host });
  });

  it('sees a child run, stop, and go', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const processes = linuxProcesses();
    const running = await processes.look(pid, '');
    expect(running).toEqual({ kind: 'running', start: expect.stringMatching(/^\d+$/) });
    child.kill('SIGSTOP');
    expect(await processes.look(pid, '')).toEqual(running);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await processes.look(pid, '')).toEqual({ kind: 'absent' });
    expect(pidExists(pid)).toBe(false);
  });

  it('knows the disk under /tmp and fears what it cannot ask', async () => {
    expect(await linuxOnNetwork('/proc')).toBe(false);
    expect(await linuxOnNetwork('/nowhere/at/all')).toBe(true);
  });
});
