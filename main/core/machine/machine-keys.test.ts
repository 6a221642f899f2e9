import { beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { unwrap } from '../../../shared/result.ts';
import { createAge } from '../../adapters/age/create-age.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { createMemoryFiles, type MemoryFiles } from '../../testing/memory-files.ts';
import { createMemoryKeychain, type MemoryKeychain } from '../../testing/memory-keychain.ts';
import { createMemoryLocks } from '../../testing/memory-locks.ts';
import { ADR_FILE } from '../../testing/identity-world.ts';
import type { Locks } from '../ports/lock.ts';
import { createMachineKeys, type MachineSecret } from './machine-keys.ts';

const paths = {
  machineId: '/d/machine-id.json',
  machineKey: '/d/machine-key.txt',
  keyLock: '/d/state/key.lock',
};
const clock = { ...createNodeClock(), now: () => Date.UTC(2026, 10, 29) };
const age = createAge();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let files: MemoryFiles;
let keychain: MemoryKeychain;
let locks: Locks;
const open = (): MachineSecret =>
  createMachineKeys({ files, locks, clock, age, keychain, paths, hasRights: true });
const identity = (): Record<string, unknown> =>
  JSON.parse(files.text(paths.machineId) ?? '{}') as Record<string, unknown>;

beforeEach(() => {
  files = createMemoryFiles(clock);
  keychain = createMemoryKeychain();
  locks = createMemoryLocks(clock);
  files.put(paths.machineId, JSON.stringify(ADR_FILE));
});

describe('the key of a machine', () => {
  it('is made once, kept in the keychain, and named in machine-id.json with all that was there', async () => {
    const first = unwrap(await open().key());
    expect(keychain.kept).toEqual(new Map([[first.recipient, first.secret]]));
    expect(identity()).toMatchObject({ ...ADR_FILE, key_recipient: first.recipient });
    expect(files.text(paths.machineKey)).toBeNull();
    expect(unwrap(await open().key())).toEqual(first);
  });

  it.each(['absent', 'locked', 'late', 'forgetful'] as const)(
    'goes into a private file of age where the keychain is %s when it is made',
    async (mode) => {
      keychain.mode = mode;
      const made = unwrap(await open().key());
      expect(files.text(paths.machineKey)).toBe(
        '# The key of this machine: who has it reads what is sealed to it.\n' +
          `# created: 2026-11-29T00:00:00.000Z\n# public key: ${made.recipient}\n${made.secret}\n`,
      );
      expect(unwrap(await files.stat(paths.machineKey))?.mode).toBe(0o600);
      expect(unwrap(await open().key())).toEqual(made);
    },
  );

  it('is one key when two processes need it at once', async () => {
    const [one, other] = await Promise.all([open().recipient(), open().recipient()]);
    expect(unwrap(one)).toBe(unwrap(other));
  });

  it.each([
    ['locked', 'denied'],
    ['late', 'timeout'],
    ['absent', 'not-configured'],
  ] as const)('is not made anew when the keychain that has it is %s', async (mode, code) => {
    const made = unwrap(await open().recipient());
    keychain.mode = mode;
    const failed = await open().recipient();
    expect(failed).toMatchObject({ ok: false, error: { code } });
    expect(identity()['key_recipient']).toBe(made);
  });

  it('is called gone when neither place has it, and nothing is written', async () => {
    unwrap(await open().recipient());
    keychain.kept.clear();
    const before = files.text(paths.machineId);
    expect(await open().recipient()).toMatchObject({ ok: false, error: { code: 'attention' } });
    expect([files.text(paths.machineId), files.text(paths.machineKey)]).toEqual([before, null]);
  });

  it('is refused from a file that others can read, until its rights are taken away', async () => {
    keychain.mode = 'absent';
    const made = unwrap(await open().recipient());
    await files.setMode(paths.machineKey, 0o640);
    expect(await open().recipient()).toMatchObject({
      ok: false,
      error: { code: 'denied', remedy: 'Take the rights away: chmod 600 "/d/machine-key.txt"' },
    });
    await files.setMode(paths.machineKey, 0o600);
    expect(unwrap(await open().recipient())).toBe(made);
  });

  it.each(['', 'not a key\n', 'AGE-SECRET-KEY-1QQQQ\n', 'one\ntwo\n'])(
    'is not taken from a file that holds %j',
    async (text) => {
      files.put(paths.machineKey, text);
      await files.setMode(paths.machineKey, 0o600);
      expect(await open().recipient()).toMatchObject({ ok: false, error: { code: 'corrupt' } });
      expect(files.text(paths.machineKey)).toBe(text);
    },
  );

  it('of another machine is not taken for this one', async () => {
    keychain.mode = 'absent';
    const other = await age.newKey();
    unwrap(await open().recipient());
    files.put(paths.machineKey, `${other.secret}\n`);
    await files.setMode(paths.machineKey, 0o600);
    expect(await open().recipient()).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  });

  it('that was stored before a power cut is the one that is recorded after it', async () => {
    keychain.mode = 'absent';
    files.fault = (call, path) =>
      call === 'replace' && path === paths.machineId ? appError('io', 'It was cut.', 'Repeat.') : null;
    expect(await open().recipient()).toMatchObject({ ok: false, error: { code: 'io' } });
    const kept = files.text(paths.machineKey) ?? '';
    files.fault = null;
    const { secret, recipient } = unwrap(await open().key());
    expect(kept).toContain(secret);
    expect(identity()['key_recipient']).toBe(recipient);
  });

  it('is not made where the disk is full, and the next need makes it', async () => {
    keychain.mode = 'absent';
    files.fault = (call) =>
      call === 'create' ? appError('disk-full', 'The disk is full.', 'Free some.') : null;
    expect(await open().recipient()).toMatchObject({ ok: false, error: { code: 'disk-full' } });
    expect(identity()['key_recipient']).toBeUndefined();
    files.fault = null;
    expect(unwrap(await open().recipient())).toMatch(/^age1/);
  });
});

describe('what is sealed to a machine', () => {
  it('opens on it and on those it was sealed to besides, and nowhere else', async () => {
    const [one, other] = [open(), await age.newKey()];
    const sealed = unwrap(await one.seal(bytes('kept'), [other.recipient]));
    expect(unwrap(await one.open(sealed))).toEqual(bytes('kept'));
    expect(unwrap(await age.open(sealed, [other.secret])).plain).toEqual(bytes('kept'));
    const alone = unwrap(await one.seal(bytes('mine')));
    expect(await age.open(alone, [other.secret])).toEqual({ ok: false, error: 'foreign' });
    const theirs = await age.seal(bytes('theirs'), [other.recipient]);
    expect(await one.open(theirs)).toMatchObject({ ok: false, error: { code: 'denied' } });
  });

  it('is refused when it was cut or changed anywhere', async () => {
    const one = open();
    const sealed = unwrap(await one.seal(bytes('x'.repeat(100))));
    for (let at = 0; at < sealed.length; at += 7) {
      const bent = sealed.slice();
      bent[at] = (bent[at] ?? 0) ^ 1;
      expect((await one.open(bent)).ok, `byte ${at}`).toBe(false);
      expect((await one.open(sealed.subarray(0, at))).ok, `cut at ${at}`).toBe(false);
    }
  });

  it('is sealed to no recipient that is none', async () => {
    expect(await open().seal(bytes('x'), ['age1nobody'])).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
  });
});
