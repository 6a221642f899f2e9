import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { Killed } from '../../testing/failing-calls.ts';
import { withCopies, type CopiesMachine } from '../../testing/stored-copies-world.ts';
import { createTestWorld, type TestWorld } from '../../testing/sync-world.ts';
import { copiesHere } from './copies-here.ts';
import { fetchCopy } from './fetch-copy.ts';
import { newlyKnown, type KnownSession } from './known-sessions.ts';
import { createSessionCopies } from './session-copies.ts';

let world: TestWorld;
let mine: CopiesMachine;
beforeEach(async () => {
  world = createTestWorld();
  mine = withCopies(world.machine('a'));
  await mine.keep(mine.place('s-1'), 'one\n');
  await mine.keep(mine.place('s-1'), 'one\nmore\n');
  await mine.keep(mine.place('s-2'), 'two\n');
});
afterEach(() => world.end());

/** What a sweep knows of the copies here. */
async function known(): Promise<readonly KnownSession[]> {
  const here = unwrap(await copiesHere(mine.deps.files, mine.deps.paths.transcripts));
  return here.map(({ place, record }) => ({
    ...newlyKnown({ ...place, root: '/r', files: [], parent: null }),
    month: place.month,
    record,
    stored: 1,
  }));
}

it.each(['before', 'after'] as const)(
  'a program that is killed while it makes room leaves every piece here or in the store (%s)',
  async (when) => {
    await mine.push();
    for (const id of ['s-1', 's-2']) rmSync(mine.transcript(mine.place(id)));
    const all = ['s-1', 's-2'].map((id) => mine.pieces(mine.place(id)));
    for (let at = 1; ; at++) {
      const struck = mine.struck(at, { kind: 'kill', when });
      const died = await createSessionCopies(struck.deps)
        .drop(await known(), 1e9, {})
        .catch((thrown: unknown) => thrown);
      const isOver = struck.changes() < at;
      if (!isOver) expect(died).toBeInstanceOf(Killed);
      // The next one finishes it.
      unwrap(await createSessionCopies(mine.deps).drop(await known(), 1e9, {}));
      expect(['s-1', 's-2'].flatMap((id) => mine.pieces(mine.place(id)))).toEqual([]);
      for (const id of ['s-1', 's-2']) unwrap(await fetchCopy(mine.deps, mine.place(id), { prove: true }));
      expect(['s-1', 's-2'].map((id) => mine.pieces(mine.place(id)))).toEqual(all);
      if (isOver) break;
    }
  },
);

it('a full disk while a copy is brought back leaves what is there as it is', async () => {
  await mine.push();
  rmSync(mine.transcript(mine.place('s-1')));
  unwrap(await createSessionCopies(mine.deps).drop(await known(), 1e9, {}));
  const { deps } = mine;
  let left = 1;
  const replace: typeof deps.files.replace = async (path, bytes, options) =>
    left-- > 0
      ? deps.files.replace(path, bytes, options)
      : { ok: false, error: { code: 'disk-full', message: 'Full.', remedy: 'Make room.', transient: false } };
  const result = await fetchCopy({ ...deps, files: { ...deps.files, replace } }, mine.place('s-1'), {});
  expect(result.ok ? null : result.error.code).toBe('disk-full');
  expect(mine.pieces(mine.place('s-1'))).toHaveLength(1);
  unwrap(await fetchCopy(deps, mine.place('s-1'), { prove: true }));
  expect(mine.pieces(mine.place('s-1'))).toHaveLength(2);
});
