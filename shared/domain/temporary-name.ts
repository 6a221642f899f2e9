const TEMPORARY = /^\..*\.[0-9a-f]{12}\.tmp$/s;
const TEMPORARY_LOG = /^\..*\.md\.[0-9a-f]{12}\.tmp$/s;

/** Age after which a temporary file's writer is dead, milliseconds. A younger file may still be being written. */
export const TEMPORARY_AGE_MS = 86_400_000;

/** True for the names, without folders, of unfinished writes left behind by a crash. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Like {@link isTemporaryName}, for what a killed save leaves of a log: only that is removed from folders that are not ours alone. */
export function isTemporaryLog(name: string): boolean {
  return TEMPORARY_LOG.test(name);
}
