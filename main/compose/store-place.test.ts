import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onPosix } from '../testing/only.ts';
import type { DataPaths } from '../core/files/data-paths.ts';
import { dataPaths } from './paths.ts';
import { storePlaceProblem } from './store-place.ts';

let base: string;
let paths: DataPaths;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'store-place-')));
  paths = dataPaths(join(base, 'user', 'home'));
  mkdirSync(paths.sessionLogs, { recursive: true });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('A folder cannot be the store', () => {
  it('when it lies among the logs, the state or the cache, is the data folder, or holds it.', () => {
    const places = [
      paths.home,
      paths.sessionLogs,
      join(paths.sessionLogs, 'deep', 'er'),
      paths.state,
      paths.cache,
      join(paths.home, 'anything'),
      join(base, 'user'),
      base,
      '/',
    ];
    for (const place of places) {
      const problem = storePlaceProblem(place, paths);
      expect(problem, place).toMatchObject({ code: 'invalid-input', details: { field: 'store.url' } });
    }
  });

  onPosix.it('when only a link makes it look elsewhere.', () => {
    symlinkSync(paths.sessionLogs, join(base, 'share'));
    expect(storePlaceProblem(join(base, 'share'), paths)).not.toBeNull();
    expect(storePlaceProblem(join(base, 'share', 'team'), paths)).not.toBeNull();
  });
});

it('A folder beside the data folder can be the store, and so can the embedded one.', () => {
  const beside = [
    join(base, 'share'),
    join(base, 'user', 'home-2'),
    join(base, 'user', '..share'),
    paths.store,
  ];
  for (const place of beside) expect(storePlaceProblem(place, paths), place).toBeNull();
});
