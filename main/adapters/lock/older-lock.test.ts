import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { unwrap } from '../../../shared/result.ts';
import type { Result } from '../../../shared/result.ts';
import type { AppError } from '../../../shared/app-error.ts';
import type { HeldLock } from '../../core/ports/lock.ts';
import { LOCK_NAME, OLDER_LOCK_NAMES } from '../../core/ports/lock.ts';
import { createLocks } from './create-locks.ts';
import { LOCK_TIMINGS } from './lock-timings.ts';
import { nodeLockDeps, nodeLocks } from './node-locks.ts';
import { olderFacts } from './older-owner.ts';

const locks = nodeLocks({ who: 'mike' });
let folder = '';
let path = '';
let older = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'older-'));
  path = join(folder, LOCK_NAME);
  older = join(folder, OLDER_LOCK_NAMES[0]);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function ask(waitMs = 0): Promise<Result<HeldLock, AppError>> {
  return locks.acquire({ path, alsoHonour: [older], command: 'test', waitMs });
}

function script(files: Readonly<Record<string, string>>): void {
  mkdirSync(older);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(older, name), text);
}

/** The pid of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn('true', { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('while our lock is held', () => {
  it('the older name is taken too, with a pid that an older script can look at', async () => {
    const held = unwrap(await ask());
    expect(() => mkdirSync(older)).toThrow('EEXIST');
    expect(readFileSync(join(older, 'pid'), 'utf8')).toBe(`${process.pid}\n`);
    expect((await held.fence()).ok).toBe(true);
    expect(await held.release()).toBe('released');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a script that throws us out is noticed, and its lock is left alone', async () => {
    const held = unwrap(await ask());
    rmSync(older, { recursive: true });
    script({ pid: '1' });
    expect(await held.fence()).toMatchObject({ ok: false, error: { code: 'lock-lost' } });
    expect(await held.release()).toBe('lost');
    expect(readdirSync(folder)).toEqual([OLDER_LOCK_NAMES[0]]);
    expect(readdirSync(older)).toEqual(['pid']);
  });
});

describe('an older script in the way', () => {
  it.each([
    ['that lives', () => ({ pid: `${process.ppid}\n` }), 'alive'],
    ['that does not say who it is', () => ({}), 'unknown'],
    ['that contradicts itself', () => ({ pid: '4000000', 'owner.pid': '4000001' }), 'unknown'],
    ['on another host', () => ({ pid: '4000000', host: 'elsewhere.example' }), 'unknown'],
  ] as const)('%s is waited for', async (_, files, verdict) => {
    script(files());
    const asked = await ask();
    expect(asked).toMatchObject({ ok: false, error: { code: 'lock-held', details: { owner: { verdict } } } });
    expect(readdirSync(older).sort()).toEqual(Object.keys(files()).sort());
    expect(readdirSync(folder)).toEqual([OLDER_LOCK_NAMES[0]]);
  });

  it('that ends while we wait lets us in', async () => {
    script({ pid: `${process.ppid}` });
    const onWait = (): void => rmSync(older, { recursive: true });
    const asked = await locks.acquire({ path, alsoHonour: [older], command: 'x', waitMs: 20_000, onWait });
    expect(await unwrap(asked).release()).toBe('released');
    expect(existsSync(older)).toBe(false);
  });

  it.each(['pid', 'owner.pid', 'lock.json'])('that is provably dead is cleared: %s', async (name) => {
    const pid = await endedPid();
    const text = name === 'lock.json' ? JSON.stringify({ pid, hostname: hostname() }) : String(pid);
    script({ [name]: text, started: '1763626502' });
    const held = unwrap(await ask());
    expect(readFileSync(join(older, 'pid'), 'utf8')).toBe(`${process.pid}\n`);
    expect(await held.release()).toBe('released');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is a file is reported and left alone', async () => {
    writeFileSync(older, 'precious');
    expect(await ask()).toMatchObject({ ok: false, error: { code: 'attention' } });
    expect(readFileSync(older, 'utf8')).toBe('precious');
  });

  it('that holds a folder is never taken for dead', async () => {
    script({ pid: String(await endedPid()) });
    mkdirSync(join(older, 'deeper'));
    expect(await ask()).toMatchObject({ ok: false, error: { code: 'lock-held' } });
    expect(readdirSync(older).sort()).toEqual(['deeper', 'pid']);
  });
});

describe('an older lock that nobody can judge', () => {
  const HOUR_S = 3_600;
  const age = (seconds: number): void => {
    const at = Date.now() / 1_000 - seconds;
    utimesSync(older, at, at);
  };
  const timings = { ...LOCK_TIMINGS, unknownWatchMs: 100, napMaxMs: 60 };
  const impatient = createLocks({ ...nodeLockDeps({ who: 'mike' }), timings });
  const wait = (waitMs: number): Promise<Result<HeldLock, AppError>> =>
    impatient.acquire({ path, alsoHonour: [older], command: 'test', waitMs });

  it.each([
    ['says nothing, as a script leaves it that was killed after its mkdir', {}, 0.3],
    ['names a process of another host', { pid: '4000000', host: 'elsewhere.example' }, 25],
  ] as const)('and %s is taken over when it has been silent long enough', async (_, files, hours) => {
    script(files);
    age(hours * HOUR_S);
    const held = unwrap(await wait(5_000));
    expect(readFileSync(join(older, 'pid'), 'utf8')).toBe(`${process.pid}\n`);
    expect(await held.release()).toBe('released');
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['says nothing', {}, 0.2, 'for 15 minutes'],
    ['names a process of another host', { pid: '4000000', host: 'elsewhere.example' }, 23, 'for 24 hours'],
  ] as const)(
    'and %s is waited for until then, and the sentence names it and says when',
    async (_, files, hours, said) => {
      script(files);
      age(hours * HOUR_S);
      const asked = await wait(500);
      expect(asked).toMatchObject({ ok: false, error: { code: 'lock-held', details: { path: older } } });
      expect(asked.ok ? '' : asked.error.message).toContain(said);
      expect(readdirSync(older).sort()).toEqual(Object.keys(files).sort());
    },
  );

  it('and holds what is no lock file is left to a person', async () => {
    script({});
    mkdirSync(join(older, 'deeper'));
    age(48 * HOUR_S);
    const asked = await wait(500);
    expect(asked.ok ? '' : asked.error.remedy).toContain(`remove ${older} by hand`);
    expect(readdirSync(older)).toEqual(['deeper']);
  });
});

describe('the files of an older lock', () => {
  const facts = (files: Readonly<Record<string, string>>) => olderFacts(new Map(Object.entries(files)));

  it.each([
    [
      { pid: '42\n', start: '1763626502', host: 'farm\n' },
      { pid: 42, host: 'farm', since: 1_763_626_502_000 },
    ],
    [{ owner: 'pid=42\nhost=farm\n' }, { pid: 42, host: 'farm', since: null }],
    [{ info: '{"pid": 42, "hostname": "farm.example"}' }, { pid: 42, host: 'farm.example', since: null }],
    [
      { pid: '42', info: 'pid: 42' },
      { pid: 42, host: null, since: null },
    ],
    [
      { pid: '42', info: 'pid: 43' },
      { pid: null, host: null, since: null },
    ],
    [{ pid: '-1' }, { pid: null, host: null, since: null }],
    [{ pid: '0' }, { pid: null, host: null, since: null }],
    [{ started: '1763626502' }, { pid: null, host: null, since: 1_763_626_502_000 }],
    [{}, { pid: null, host: null, since: null }],
  ])('%j', (files, expected) => {
    expect(facts(files)).toEqual(expected);
  });
});
