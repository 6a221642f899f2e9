import { expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { createMemorySearch } from '../../testing/memory-search.ts';
import { mergeTexts } from './merge-texts.ts';

/** A database whose pieces take 40 ms each. */
function slow(pieces: number) {
  let [now, done] = [0, 0];
  const search = createMemorySearch();
  search.optimise = async () => {
    now += 40;
    done++;
    return ok(done < pieces);
  };
  return { deps: { search, sync: { clock: { now: () => now } as never } }, done: () => done };
}

it('merges until nothing is left', async () => {
  const { deps, done } = slow(3);
  await mergeTexts(deps, 1_000);
  expect(done()).toBe(3);
});

it('stops when its time is over', async () => {
  const { deps, done } = slow(1_000);
  await mergeTexts(deps, 100);
  expect(done()).toBe(3);
});

it('stops at a failure and throws nothing', async () => {
  const { deps, done } = slow(3);
  const failing = async () => err(appError('disk-full', 'The disk is full.', 'Free some space.'));
  await mergeTexts({ ...deps, search: { ...deps.search, optimise: failing } }, 1_000);
  expect(done()).toBe(0);
});
