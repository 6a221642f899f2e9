import { describe, expect, it } from 'vitest';
import { processorTime } from '../../main/testing/processor-time.ts';
import { plainWords } from './plain-words.ts';

describe('plainWords', () => {
  it.each([
    ['Deploy please.\n\n- [ ] staging\n- [x] prod', 'Deploy please. · staging · prod'],
    ['- first\n- second', 'first · second'],
    ['1. one\n2) two', 'one · two'],
    ['## Title\n\n> quoted', 'Title quoted'],
    ['the **old** `lifecycle` rule of _March_', 'the old lifecycle rule of March'],
    ['see [the draft](https://docs.example.com/x) and ![a map](m.png)', 'see the draft and a map'],
    ['call snake_case_name, 2 * 3 * 4 and a * b', 'call snake_case_name, 2 * 3 * 4 and a * b'],
    ['<!-- session-log: session=a saved=b text=c -->\nhello', 'hello'],
  ])('of %j are %j', (text, words) => {
    expect(plainWords(text)).toBe(words);
  });

  it('cost little, whatever they are made of', () => {
    const start = processorTime();
    for (const piece of ['[', '*_', '<!--', '- [ ] ', '\n', '`']) plainWords(piece.repeat(400_000));
    expect(processorTime() - start).toBeLessThan(200);
  });
});
