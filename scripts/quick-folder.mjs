import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Space for what the stages that use it need at once, with margin, in bytes. */
const NEEDED = 4 * 1024 ** 3;

/**
 * Creates a folder for temporary files in memory, where waiting for the disk costs nothing: most tests create their own data folder and
 * write it durably. Not for tests of the disk itself.
 * @param {string} disk a file system in memory
 * @returns {{ path: string, remove: () => string | undefined } | undefined} undefined if there is none that is large enough and can run
 * programs; `remove` never throws and returns what is left as a sentence
 */
export function makeQuickFolder(disk = '/dev/shm') {
  let path;
  try {
    const { bavail, bsize } = statfsSync(disk);
    if (process.platform !== 'linux' || bavail * bsize < NEEDED || freemem() < NEEDED) return undefined;
    path = mkdtempSync(join(disk, 'session-log-test-'));
    // Like /tmp: some tests act as another user.
    chmodSync(path, 0o1777);
    // Containers may mount it without permission to run programs, which tests write.
    const program = join(path, 'program');
    writeFileSync(program, '#!/bin/sh\nexit 0\n');
    chmodSync(program, 0o755);
    execFileSync(program);
    rmSync(program);
  } catch {
    if (path !== undefined) rmSync(path, { recursive: true, force: true });
    return undefined;
  }
  const made = path;
  return { path: made, remove: () => removeAll(made) };
}

/**
 * Returns the environment that keeps tests' temporary files in memory, except for tests of the disk itself. The folder is removed when this
 * process ends.
 * @returns {Record<string, string>}
 */
export function quickEnvironment() {
  const quick = makeQuickFolder();
  if (quick === undefined) return {};
  process.on('exit', () => {
    const left = quick.remove();
    if (left !== undefined) console.error(left);
  });
  return { TMPDIR: quick.path, SESSION_LOG_TEST_DISK: tmpdir() };
}

/**
 * @param {string} path
 * @returns {string | undefined} what is left, in a sentence
 */
function removeAll(path) {
  try {
    // A killed test leaves its mounted disk.
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
    const below = mounts.map((line) => line.split(' ')[1] ?? '').filter((at) => at.startsWith(`${path}/`));
    for (const at of below.reverse()) execFileSync('umount', ['--lazy', at], { stdio: 'ignore' });
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  } catch (error) {
    return `${path} is left: ${/** @type {Error} */ (error).message}`;
  }
}
