import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorTime } from '../../main/testing/processor-time.ts';
import { forTerminal, forTerminalLine, toAscii } from './terminal-text.ts';

describe('text for a terminal', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', '<U+001B>[31mred<U+001B>[0m'],
    ['\u001b]8;;http://x\u0007link\u001b]8;;\u0007', '<U+001B>]8;;http://x<U+0007>link<U+001B>]8;;<U+0007>'],
    ['\u009b2J', '<U+009B>2J'],
    ['safe\rEVIL', 'safe<U+000D>EVIL'],
    ['a\r\nb\tc\n', 'a\nb\tc\n'],
    ['ab\u202Egpj.exe', 'ab<U+202E>gpj.exe'],
    ['\u{e0041}\u{e0042}', '<U+E0041><U+E0042>'],
    ['a\u{e0100}', 'a<U+E0100>'],
    ['\ud800x', '<U+D800>x'],
    ['\u0000\u0008', '<U+0000><U+0008>'],
    ['Zürich — 東京 👨‍👩‍👧', 'Zürich — 東京 👨‍👩‍👧'],
  ])('%j shows as %j', (text, shown) => {
    expect(forTerminal(text)).toBe(shown);
  });

  it('on one line has no line break', () => {
    expect(forTerminalLine('a\r\n\tb\nc')).toBe('a b c');
  });

  it('never holds a control or direction character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(forTerminal(text)).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
        expect(toAscii(forTerminal(text))).toMatch(/^[\n\t\u0020-\u007e]*$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of five million escapes takes linear time', () => {
    const before = processorTime();
    expect(forTerminal('\u001b'.repeat(5_000_000))).toHaveLength(40_000_000);
    expect(processorTime() - before).toBeLessThan(10_000);
  });
});

describe('text for a terminal that is not UTF-8', () => {
  it('keeps what ASCII can say and names the rest', () => {
    expect(toAscii('Update: 10:00 PT — Zürich → “ok” … 😀 ß')).toBe(
      'Update: 10:00 PT - Zurich -> "ok" ... <U+1F600> <U+00DF>',
    );
  });
});
