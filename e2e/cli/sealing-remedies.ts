import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Ended } from './built-cli.ts';
import { Box, LOG, TEXT, type Row } from './remedy-box.ts';

/** Seals the store of a machine that has pushed. @returns the recovery key */
async function sealed(box: Box): Promise<string> {
  await box.push();
  const { out } = await sealing(box);
  return /AGE-SECRET-KEY-1\w+/.exec(out)?.[0] ?? 'no key was shown';
}

const sealing = (box: Box): Promise<Ended> => box.once('seal', () => box.run('store', 'seal'));

/** A machine at the same store that has never seen it. */
async function stranger(box: Box): Promise<Box> {
  const other = new Box(box.folder, 'b');
  await other.once('connect', async () => {
    await other.done('init', '--new-identity');
    await other.done('config', 'set', 'store.url', `file://${box.folder}/store`);
  });
  return other;
}

/** The words that a machine shows when it asks to join. */
async function asking(box: Box): Promise<string> {
  const { out } = await box.run('machines', 'join', '--json');
  const { value } = JSON.parse(out) as { readonly value: { readonly words: readonly string[] } };
  return value.words.join(' ');
}

/** Remedies of what is sealed. */
export const SEALING_ROWS: readonly Row[] = [
  {
    state: 'a store in the clear',
    bring: async (box) => (await box.push(), box.run('audit')),
    command: /^store seal$/,
    after: async (box) => expect((await box.run('audit')).out).toContain('Sealed with epoch 1'),
  },
  {
    state: 'a backup that was never proved',
    bring: async (box) => {
      await box.push();
      const other = await box.other();
      return [other, await other.run('audit')];
    },
    command: /^drill$/,
    after: async (box) => expect((await box.run('audit')).out).toContain('Backup proven just now'),
  },
  {
    state: 'a sealed store that this machine is not in',
    bring: async (box) => {
      await sealed(box);
      const other = await stranger(box);
      return [other, await other.run('sync', '--push')];
    },
    command: /^machines join$/,
    after: (_, { out }) => expect(out).toContain('The request is in the store.'),
  },
  {
    state: 'a machine that asks to join under a name that is none',
    bring: async (box) => (await sealed(box), box.run('machines', 'admit', 'zzz')),
    command: /^machines requests$/,
  },
  {
    state: 'a machine that asks to join, whose words nobody has compared',
    bring: async (box) => {
      await sealed(box);
      box.read = await asking(await stranger(box));
      const [, name = ''] =
        /asks to join:\n {2}(\S+)/.exec((await box.run('machines', 'requests')).out) ?? [];
      return box.run('machines', 'admit', name);
    },
    command: /^machines admit/,
    after: async (box) =>
      expect((await box.run('machines', 'requests')).out).toContain('Nobody is asking to join.'),
  },
  {
    state: 'a sealed store whose machines are lost',
    bring: async (box) => {
      await box.push();
      const ended = await sealing(box);
      const other = await stranger(box);
      other.read = /AGE-SECRET-KEY-1\w+/.exec(ended.out)?.[0] ?? '';
      return [other, ended];
    },
    command: /^recover$/,
    after: (box) => box.done('sync', '--full'),
  },
  {
    state: 'a machine that stores in the clear again',
    bring: async (box) => (await sealed(box), box.run('store', 'unseal', '--yes')),
    command: /^store seal$/,
    after: async (box) => expect((await box.run('audit')).out).toContain('0 in the clear'),
  },
  {
    state: 'an object that could not be put in the clear',
    bring: async (box) => {
      await sealed(box);
      writeFileSync(box.stored(LOG), 'damaged');
      return box.run('store', 'unseal', '--yes');
    },
    command: /^store unseal$/,
    // It asks, and nobody is there.
    code: 64,
    after: async (box, ended) => {
      expect(ended.err).toContain('Add --yes');
      await box.done('sync', '--full');
      await box.done('store', 'unseal', '--yes');
      expect(readFileSync(box.stored(LOG), 'utf8')).toBe(TEXT);
    },
  },
  {
    state: 'rights for what is not a bucket',
    bring: async (box) => (await box.push(), box.run('store', 'policy')),
    command: /^store policy/,
    after: (_, { out }) => expect(out).toContain('gs://a-bucket'),
  },
  {
    state: 'an invitation to a store of its own',
    bring: (box) => box.run('invite'),
    command: /^setup$/,
    // It asks, and nobody is there.
    code: 64,
    after: (_, ended) => expect(ended.err).toContain('session-log setup --yes'),
  },
  {
    state: 'values that are to go to what is no key',
    bring: (box) => box.run('secrets', 'share', 'mara-mbp'),
    command: /^secrets share$/,
    after: (_, { out }) => expect(out).toContain('The key of this machine: age1'),
  },
  {
    state: 'a sample that did not come back as it was stored',
    bring: async (box) => {
      await box.push();
      writeFileSync(box.stored(LOG), TEXT.replace('rest', 'best'));
      return box.run('drill');
    },
    command: /^verify --deep$/,
    code: 65,
    after: async (box) => {
      await box.done('sync', '--full');
      await box.done('drill');
    },
  },
];
