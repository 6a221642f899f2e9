import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonCutter } from './cut-json.ts';
import { createLineReader, type ReadLine } from './line-reader.ts';
import { excerpt } from './values.ts';

function linesOf(text: string, sizes: readonly number[] = []): readonly ReadLine[] {
  const bytes = Buffer.from(text);
  const lines: ReadLine[] = [];
  const reader = createLineReader(0);
  let at = 0;
  for (let step = 0; at < bytes.length; step++) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[step % sizes.length] ?? 1);
    reader.push(bytes.subarray(at, at + size), (line) => lines.push(line));
    at += size;
  }
  reader.end((line) => lines.push(line));
  return lines;
}
const values = (text: string): readonly unknown[] => linesOf(text).map((line) => line.problem ?? line.value);

describe('lines of JSON', () => {
  it('takes two objects on one line for two lines, with their places', () => {
    expect(linesOf('{"a":"}{"}{"b":2}\n{"c":3}\n')).toEqual([
      { value: { a: '}{' }, problem: null, offset: 0, length: 10 },
      { value: { b: 2 }, problem: null, offset: 10, length: 7 },
      { value: { c: 3 }, problem: null, offset: 18, length: 7 },
    ]);
  });

  it('says that a line was torn off, and reads what follows it on the same line', () => {
    expect(values('{"type":"user","mess{"type":"summary","a":1}\n')).toEqual([
      'torn',
      { type: 'summary', a: 1 },
    ]);
    expect(values('{"type":"user","mess\n{"b":1}\n')).toEqual(['torn', { b: 1 }]);
    expect(values('no json\n\n \n{"b":1}\n')).toEqual(['not-json', { b: 1 }]);
  });

  it('takes a last line without a line break when it is whole, and waits for one that is not', () => {
    expect(values('{"a":1}\n{"b":2}')).toEqual([{ a: 1 }, { b: 2 }]);
    const reader = createLineReader(0);
    const taken: unknown[] = [];
    reader.push(Buffer.from('{"a":1}\n{"b":'), (line) => taken.push(line.value));
    reader.end((line) => taken.push(line.value));
    expect([taken, reader.offset()]).toEqual([[{ a: 1 }], 8]);
    reader.push(Buffer.from('2}\n'), (line) => taken.push(line.value));
    expect([taken, reader.offset()]).toEqual([[{ a: 1 }, { b: 2 }], 16]);
  });

  it('reads a byte order mark and line ends of Windows', () => {
    expect(values('\ufeff{"a":1}\r\n{"b":2}\r\n')).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('cuts the long texts of a long line and says how long they were, the same however it comes', () => {
    const image = 'A'.repeat(3_000_000);
    const text = `${JSON.stringify({ image, end: 'after', lines: ['é"\\'.repeat(50_000)] })}\n{"b":2}\n`;
    const lines = linesOf(text);
    expect(linesOf(text, [65_536, 1_001])).toEqual(lines);
    const [first] = lines;
    const value = first?.value as { image: string; end: string; lines: string[] };
    expect(excerpt(value.image, 100)).toEqual({ text: 'A'.repeat(100), length: 3_000_000 });
    expect(value.end).toBe('after');
    expect(excerpt(value.lines[0] ?? '').text).toMatch(/^(?:é"\\)+(?:é"?)?$/);
    expect(lines[1]).toMatchObject({ value: { b: 2 }, offset: Buffer.byteLength(text) - 8 });
  });

  it('gives up a line of more than can be kept, and reads the next', () => {
    const many = JSON.stringify({ all: Array.from({ length: 900_000 }, (_, at) => `text ${at}`) });
    expect(values(`${many}\n{"b":2}\n`)).toEqual(['too-large', { b: 2 }]);
  });
});

describe('cutting JSON', () => {
  it('leaves any JSON of short texts as it is, wherever the pieces are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (list, size) => {
          const bytes = Buffer.from(JSON.stringify(list) + JSON.stringify({ list }, null, 2));
          const cutter = createJsonCutter(1 << 20, 1 << 24);
          for (let at = 0; at < bytes.length; at += size) cutter.push(bytes.subarray(at, at + size));
          expect(cutter.values.map(({ json }) => JSON.parse(json) as unknown)).toEqual(
            JSON.parse(JSON.stringify([list, { list }])),
          );
          expect(cutter.rest()).toBeNull();
        },
      ),
    );
  });

  it('cuts any text to sound JSON', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 0, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 7 }),
        (text, longest, size) => {
          const json = Buffer.from(JSON.stringify([text, 1]));
          const cutter = createJsonCutter(longest, 1 << 20);
          for (let at = 0; at < json.length; at += size) cutter.push(json.subarray(at, at + size));
          const [kept, one] = JSON.parse(cutter.values[0]?.json ?? '') as [string, number];
          expect(one).toBe(1);
          expect(text.startsWith(excerpt(kept).text)).toBe(true);
        },
      ),
    );
  });
});
