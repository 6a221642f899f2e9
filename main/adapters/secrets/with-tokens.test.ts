import { expect, it, vi } from 'vitest';
import { withTokens } from './with-tokens.ts';

it('does again, with the vocabulary, what turned out to need it, and nothing else twice', async () => {
  // Files share their modules, and an earlier one may have needed the vocabulary.
  vi.resetModules();
  const anew = await import('./with-tokens.ts');
  let runs = 0;
  expect(await anew.withTokens(() => ++runs)).toBe(1);
  const counted = await anew.withTokens((countTokens) => [++runs, countTokens('the words of a sentence')]);
  expect(counted).toEqual([3, 5]);
});

it('lets what fails by itself fail', async () => {
  const work = (): never => {
    throw new TypeError('of its own');
  };
  await expect(withTokens(work)).rejects.toThrow('of its own');
});
