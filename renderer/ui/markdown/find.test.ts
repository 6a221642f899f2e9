import { describe, expect, it } from 'vitest';
import { findAll, findPattern, findRanges, MOST_MATCHES } from './find.ts';

const count = (text: string, words: string): number => {
  const pattern = findPattern(words);
  return pattern === null ? -1 : findAll(text, pattern).length;
};

describe('find', () => {
  it.each([
    ['The cat, the CAT', 'cat', 2],
    ['the **bold** word', 'the bold word', 1],
    ['the `code`\n  word', 'the code word', 1],
    ['a.b a+b', 'a.b', 1],
    ['(x) [y]', '(x)', 1],
    ['price: $5 (^_^)', '(^_^)', 1],
    ['aaaa', 'aa', 2],
    ['İstanbul', 'istanbul', 0],
    ['Zoë', 'zoë', 1],
    ['😀😀', '😀', 2],
    ['nothing', 'x', 0],
  ])('in %j for %j finds %d', (text, words, wanted) => {
    expect(count(text, words)).toBe(wanted);
  });

  it('looks for nothing when nothing was typed', () => {
    expect(findPattern('   ')).toBeNull();
    expect(findPattern('x'.repeat(301))).toBeNull();
  });

  it('stops at a count that nobody walks', () => {
    expect(count('a'.repeat(50_000), 'a')).toBe(MOST_MATCHES);
  });

  it('is not slow on text that almost matches', () => {
    const started = process.cpuUsage().user;
    count('a*'.repeat(200_000), `${'a'.repeat(50)}b`);
    expect((process.cpuUsage().user - started) / 1_000).toBeLessThan(2_000);
  });

  it('finds ranges across inner elements', () => {
    const element = document.createElement('p');
    const strong = document.createElement('strong');
    strong.append('bold');
    element.append('the ', strong, ' word, the bold word');
    const pattern = findPattern('the bold word');
    expect(pattern).not.toBeNull();
    const ranges = pattern === null ? [] : findRanges(element, pattern);
    expect(ranges.map((range) => range.toString())).toEqual(['the bold word', 'the bold word']);
  });
});
