import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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
    expect(made.remove()).toBeUndefined();
    expect(existsSync(made.path)).toBe(false);
  }
  rmSync(root, { recursive: true });
  expect(makeQuickFolder(join(root, 'not-there'))).toBeUndefined();
});

it('takes away what a test left mounted in it, and says what cannot be removed', ({ skip }) => {
  const mount = (folder: string): void =>
    void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
  const made = makeQuickFolder();
  if (made === undefined) return skip('needs a file system in memory');
  try {
    // What covers the folder itself is not a test's.
    mount(made.path);
  } catch {
    made.remove();
    return skip('needs to mount (root)');
  }
  expect(made.remove()).toMatch(/^\/dev\/shm\/session-log-test-\w+ is left: .*busy/);
  execFileSync('umount', [made.path]);
  const left = join(made.path, 'left-behind');
  mkdirSync(left);
  mount(left);
  expect(made.remove()).toBeUndefined();
  expect(existsSync(made.path)).toBe(false);
});
