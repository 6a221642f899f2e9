import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { forTerminal } from '../../shared/domain/terminal-text.ts';
import { jsonLine } from './cli-context.ts';

const HOSTILE = '\u001b]0;owned\u0007 \u009b2J \u202e\u2066 \u2028 \u{e0041}\u007f \ud800';

it('writes JSON that a terminal only shows, and that reads as it was', () => {
  const line = jsonLine({ name: HOSTILE, fine: 'Größe ✓ 日本語 🎉' });
  expect(forTerminal(line)).toBe(line);
  expect(line).toContain('Größe ✓ 日本語 🎉');
  expect(JSON.parse(line)).toEqual({ name: HOSTILE, fine: 'Größe ✓ 日本語 🎉' });
});

it('does so with any text', () => {
  assert(
    property(string({ unit: 'binary' }), (text) => {
      const line = jsonLine([text]);
      expect(JSON.parse(line)).toEqual([text]);
      expect(forTerminal(line)).toBe(line);
    }),
  );
});
