import { expect, it } from 'vitest';
import { runsOf } from './runs.ts';

it.each([
  '',
  'a',
  'aaaa',
  ' aaaa',
  'aaa aaaa',
  'aaaa aaaaa ',
  'aaaaaaa aaa aaaa',
  '/-_+ a+/-_ äaaaaä',
  'a aa aaa aaaa aaaaa',
])('finds in %o what the regular expression finds', (text) => {
  const expected = [...text.matchAll(/[0-9A-Za-z+/_-]{4,}/g)].map(({ 0: run, index }) => ({
    start: index,
    end: index + run.length,
  }));
  expect(runsOf(text, 4)).toEqual(expected);
});
