import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeQuickFolder } from './quick-folder.mjs';

it('makes a folder that programs run in and takes it away again, or none where there is no such disk', () => {
  const root = mkdtempSync(join(tmpdir(), 'quick-folder-'));
  const made = makeQuickFolder(root);
  if (made !== undefined) {
    expect(made.path.startsWith(root)).toBe(true);
    expect(existsSync(made.path)).toBe(true);
    made.remove();
    expect(existsSync(made.path)).toBe(false);
  }
  rmSync(root, { recursive: true });
  expect(makeQuickFolder(join(root, 'not-there'))).toBeUndefined();
});
