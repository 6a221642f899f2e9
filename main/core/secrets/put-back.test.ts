import { expect, it } from 'vitest';
import { encodeLog } from '../../../shared/domain/decode-log.ts';
import { secretLabel } from '../../../shared/secrets/withhold.ts';
import { putBack } from './put-back.ts';

const LABEL = secretLabel('github token', 'mara-mbp');

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it.each([
  ['utf-8', 'a §one§ b §two§', 'a 1111 b 22'],
  ['utf-8', '§one§§two§§gone§ end', `111122${LABEL} end`],
  ['utf-16le', '\uFEFFa §one§ and §two§.', '\uFEFFa 1111 and 22.'],
  ['utf-8', 'no label', 'no label'],
  ['utf-8', '', ''],
  ['utf-8', '§', '§'],
] as const)('puts values back in %s, wherever chunks are cut: %o', async (encoding, pattern, expected) => {
  const values: { kind: string; at: number; value: string }[] = [
    { kind: 'github token', at: -1, value: 'lost' },
  ];
  let text = '';
  for (const part of pattern.split(/(§\w+§)/)) {
    const name = /§(\w+)§/.exec(part)?.[1];
    const value = { one: '1111', two: '22' }[name ?? ''];
    if (value !== undefined) {
      const at = encodeLog(text, encoding).length;
      values.push({
        kind: 'github token',
        at,
        value: Buffer.from(encodeLog(value, encoding)).toString('latin1'),
      });
      // Where a label stood in an earlier version of the log.
      values.push({ kind: 'github token', at: at + 3, value: 'other' });
    }
    text += name === undefined ? part : LABEL;
  }
  const bytes = encodeLog(text, encoding);
  for (const size of [1, 2, 7, LABEL.length, 1_000]) {
    const parts: Uint8Array[] = [];
    for await (const part of putBack(inChunks(bytes, size), values, 'mara-mbp')) parts.push(part.slice());
    expect(Buffer.concat(parts).equals(encodeLog(expected, encoding))).toBe(true);
  }
});
