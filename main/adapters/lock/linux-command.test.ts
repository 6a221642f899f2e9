import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { onLinux } from '../../testing/only.ts';
import { findMarked, sessionOf } from './linux-command.ts';

const proc = mkdtempSync(join(tmpdir(), 'session-log-proc-'));
afterAll(() => rmSync(proc, { recursive: true, force: true }));

interface Shown {
  /** Null: not ours to read. */
  readonly environment: readonly string[] | null;
  readonly session: number;
  readonly start: number;
}

function show(pid: string, { environment, session, start }: Shown): void {
  mkdirSync(join(proc, pid));
  const zeros = '0 '.repeat(15);
  writeFileSync(join(proc, pid, 'stat'), `${pid} (a b) S 1 1 ${session} ${zeros}${start} 0 0`);
  const environ = join(proc, pid, 'environ');
  // A folder cannot be read as a file, whoever asks; of root nothing is hidden.
  if (environment === null) mkdirSync(environ);
  else writeFileSync(environ, environment.map((variable) => `${variable}\0`).join(''));
}

it('finds a command by its mark, or by its session and age where its environment is hidden', async () => {
  show('self', { environment: [], session: 70, start: 1000 });
  show('101', { environment: ['HOME=/root', 'MARK=one'], session: 5, start: 900 });
  show('102', { environment: ['MARK=ones', 'XMARK=one'], session: 5, start: 2000 });
  show('103', { environment: null, session: 5, start: 2000 });
  show('104', { environment: null, session: 6, start: 2000 });
  show('105', { environment: null, session: 5, start: 999 });
  mkdirSync(join(proc, '106'));
  mkdirSync(join(proc, 'sys'));
  expect(await findMarked('MARK=one', '5', proc)).toEqual([101, 103]);
  expect(await findMarked('MARK=one', null, proc)).toEqual([101]);
  expect(await findMarked('MARK=one', '5', join(proc, 'none'))).toEqual([]);
});

onLinux.it('knows the session of a process that is there', async () => {
  expect(await sessionOf(process.pid)).toMatch(/^\d+$/);
  expect(await sessionOf(2 ** 22 + 1)).toBeNull();
});
