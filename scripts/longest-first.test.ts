import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { LONGEST } from './longest-first.ts';

it('names files that are there, each once', () => {
  const root = dirname(import.meta.dirname);
  expect(LONGEST.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  expect(new Set(LONGEST).size).toBe(LONGEST.length);
});
