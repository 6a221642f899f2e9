import { describe, expect, it } from 'vitest';
import { compareObjectNames, objectMetadataProblem, objectNameProblem } from './object-name.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The order of bytes, the slow way. */
function byBytes(a: string, b: string): number {
  const [x, y] = [encode(a), encode(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
  return x.length - y.length;
}

describe('object names', () => {
  it('are ordered by their UTF-8 bytes, also beyond the basic plane', () => {
    const units = [
      '',
      'a',
      'b',
      '/',
      '-',
      '0',
      '\u007f',
      '\u0080',
      'é',
      '\u07ff',
      '\u0800',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '😀',
      '\u{10ffff}',
    ];
    const names = units.flatMap((one) => units.map((two) => one + two));
    for (const a of names)
      for (const b of names)
        expect(Math.sign(compareObjectNames(a, b)), `${a} ${b}`).toBe(Math.sign(byBytes(a, b)));
    expect(compareObjectNames('\uffff', '😀')).toBeLessThan(0);
  });

  it.each([
    '',
    '.',
    '..',
    'a\u0000',
    'a\r',
    'a\nb',
    '\u001b[31m',
    '\ud800',
    'x\udfff',
    'n'.repeat(1025),
    'ü'.repeat(513),
    '.well-known/acme-challenge/x',
  ])('refuse %j', (name) => {
    expect(objectNameProblem(name)).not.toBeNull();
  });

  it.each([
    'a',
    '../x',
    'a//b',
    'n'.repeat(1024),
    'ü'.repeat(512),
    '😀'.repeat(256),
    'tenant-a/machines/u/x.md',
    '.hidden',
    'a b',
  ])('leave %j to the store', (name) => {
    expect(objectNameProblem(name)).toBeNull();
  });
});

describe('object metadata', () => {
  it.each([{}, { sha256: 'ab' }, { 'mtime-ms': '1' }, { a: '' }, { a: 'x'.repeat(8191) }])(
    'accepts %j',
    (metadata) => {
      expect(objectMetadataProblem(metadata as Record<string, string>)).toBeNull();
    },
  );

  it.each([
    { A: 'x' },
    { a_b: 'x' },
    { '': 'x' },
    { a: 'ü' },
    { a: 'x\n' },
    { a: ' x' },
    { a: 'x ' },
    { a: 'x'.repeat(8192) },
  ])('refuses %j', (metadata) => {
    expect(objectMetadataProblem(metadata as Record<string, string>)).not.toBeNull();
  });
});
