import { expect, it } from 'vitest';
import { createSystemKeychain, type KeychainEntry } from './system-keychain.ts';

const entry = (part: Partial<KeychainEntry>): KeychainEntry => ({
  getPassword: async () => null,
  setPassword: async () => undefined,
  ...part,
});
const keychain = (one: KeychainEntry | null) => createSystemKeychain({ open: async () => one, limitMs: 50 });

it('a keychain that never answers is late, and nobody waits for it', async () => {
  const silent = keychain(entry({ getPassword: () => new Promise(() => undefined) }));
  expect(await silent.read('x')).toMatchObject({ ok: false, error: { code: 'timeout', transient: true } });
});

it('a keychain that is locked is told from one that refuses, and what it says is not repeated', async () => {
  const says = (text: string) =>
    keychain(entry({ setPassword: () => Promise.reject(new Error(text)) })).write('x', 'SECRET');
  const locked = await says('Collection is locked: SECRET');
  expect(locked).toMatchObject({ ok: false, error: { code: 'denied', message: 'The keychain is locked.' } });
  expect(JSON.stringify([locked, await says('access denied: SECRET')])).not.toContain('SECRET');
});

it('a system without a keychain says so at once', async () => {
  expect(await keychain(null).read('x')).toMatchObject({ ok: false, error: { code: 'not-configured' } });
});

it('asks the system with a name of ours, and gives back what it has', async () => {
  const asked: string[][] = [];
  const open = async (...words: string[]): Promise<KeychainEntry> => {
    asked.push(words);
    return entry({ getPassword: async () => 'kept' });
  };
  expect(await createSystemKeychain({ open }).read('age1x')).toEqual({ ok: true, value: 'kept' });
  expect(asked).toEqual([['session-log', 'age1x']]);
});
