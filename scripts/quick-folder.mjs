import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the stages that use it leave there at once, with room to spare, in bytes. */
const NEEDED = 4 * 1024 ** 3;

/**
 * Makes a folder for temporary files in memory, where waiting for the disk costs nothing: most tests make a data folder of their own and
 * write it durably. Not for tests of the disk itself.
 * @param {string} disk a file system in memory
 * @returns {{ path: string, remove: () => string | undefined } | undefined} undefined where there is none that is large enough and runs
 * programs; `remove` never throws and says in a sentence what is left
 */
export function makeQuickFolder(disk = '/dev/shm') {
  let path;
  try {
    const { bavail, bsize } = statfsSync(disk);
    if (process.platform !== 'linux' || bavail * bsize < NEEDED || freemem() < NEEDED) return undefined;
    path = mkdtempSync(join(disk, 'session-log-test-'));
    // As /tmp: some tests try things as another user.
    chmodSync(path, 0o1777);
    // Containers mount it without leave to run programs, which tests write.
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
 * What tests need in their environment to have their temporary files in memory, but for those of the disk itself. The folder is removed when
 * this process ends.
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
    // A test that was killed leaves the disk that it had mounted.
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
    const below = mounts.map((line) => line.split(' ')[1] ?? '').filter((at) => at.startsWith(`${path}/`));
    for (const at of below.reverse()) execFileSync('umount', ['--lazy', at], { stdio: 'ignore' });
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  } catch (error) {
    return `${path} is left: ${/** @type {Error} */ (error).message}`;
  }
}
