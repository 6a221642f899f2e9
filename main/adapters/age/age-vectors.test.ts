import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import * as vectors from 'cctv-age';
import { expect, it } from 'vitest';
import { createAge } from './create-age.ts';

/** One of age's published vectors: what it expects, and the file. */
function read(bytes: Uint8Array): { readonly facts: ReadonlyMap<string, string>; readonly file: Uint8Array } {
  const text = Buffer.from(bytes).toString('latin1');
  const end = text.indexOf('\n\n');
  const facts = new Map(
    text
      .slice(0, end)
      .split('\n')
      .map((line): [string, string] => [
        line.slice(0, line.indexOf(':')),
        line.slice(line.indexOf(': ') + 2),
      ]),
  );
  const file = bytes.subarray(end + 2);
  return { facts, file: facts.get('compressed') === 'zlib' ? inflateSync(file) : file };
}

/** What this product never makes: passphrases, post-quantum keys, text armour. */
const OTHER = /^(?:scrypt|hybrid|armor|tag|tagpq|mlkem768)/;
const cases = Object.entries(vectors as unknown as Record<string, Uint8Array>)
  .map(([name, bytes]) => ({ name, ...read(bytes) }))
  .filter(({ name, facts }) => !OTHER.test(name) && facts.has('identity') && !facts.has('armored'));

it('has vectors to hold itself against', () => {
  expect(cases.length).toBeGreaterThan(50);
});

it.each(cases)('treats the published vector $name as it says', async ({ facts, file }) => {
  const age = createAge();
  const opened = await age.open(Uint8Array.from(file), [facts.get('identity') ?? '']);
  if (facts.get('expect') === 'success') {
    expect(opened.ok).toBe(true);
    const plain = opened.ok ? opened.value.plain : new Uint8Array();
    expect(createHash('sha256').update(plain).digest('hex')).toBe(facts.get('payload'));
  } else {
    expect(opened).toEqual({ ok: false, error: facts.get('expect') === 'no match' ? 'foreign' : 'damaged' });
  }
});
