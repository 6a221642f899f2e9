import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes a temporary folder on a real disk, for tests of what a disk does. `npm test` has its other temporary files in memory and names the
 * disk in `SESSION_LOG_TEST_DISK`.
 * @param prefix of its name
 * @returns its absolute path
 */
export function makeDiskFolder(prefix: string): string {
  return mkdtempSync(join(process.env['SESSION_LOG_TEST_DISK'] ?? tmpdir(), prefix));
}
