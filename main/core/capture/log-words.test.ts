import { describe, expect, it } from 'vitest';
import { createLogWords } from './log-words.ts';

const whole = (text: string) => ({ text, length: text.length });
const numbered = (count: number): string =>
  Array.from({ length: count }, (_, n) => `line ${n + 1} of what was printed`).join('\n');
const labelled = (text: string) => ({ text: text.replaceAll('hunter2', '[secret]'), labels: [] });

describe('what a command printed', () => {
  const words = createLogWords(labelled);

  it('is shown whole where it is short', () => {
    expect(words.console(whole('one\n\n\n\ntwo\n'), 200, 5)).toBe('one\n\ntwo');
  });

  it.each([9, 400])('is shown by its first and last lines, with its length, of %i lines', (count) => {
    const text = numbered(count);
    expect(words.console(whole(text), 200, 5).split('\n')).toEqual([
      ...text.split('\n').slice(0, 3),
      `\u2026 (${text.length.toLocaleString('en-US')} characters in all)`,
      ...text.split('\n').slice(-2),
    ]);
  });

  it('is shown by its first lines where only its head is known', () => {
    const text = words.console({ text: numbered(9), length: 9_000 }, 200, 5);
    expect(text).toMatch(/^line 1 .*\n.*\n.*\nline 4 .*\nline 5 .*\n\u2026 \(9,000 characters in all\)$/);
  });

  it('holds no secret at either end, and nothing of a key', () => {
    const others = createLogWords((text) => ({
      text: text.replaceAll(/-----BEGIN[\s\S]*END PRIVATE KEY-----/g, '[secret: key]'),
      labels: [],
    }));
    expect(words.console(whole(`hunter2\n${numbered(200)}\nhunter2`), 200, 5)).not.toContain('hunter2');
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'.repeat(80)}-----END PRIVATE KEY-----`;
    expect(others.console(whole(key), 200, 5)).toMatch(/^\[secret: key\]/);
  });
});
