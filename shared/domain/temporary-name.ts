const TEMPORARY = /^\..*\.[0-9a-f]{12}\.tmp$/s;
const TEMPORARY_LOG = /^\..*\.md\.[0-9a-f]{12}\.tmp$/s;

/** After this long a temporary file's writer is dead, milliseconds. A younger one may be somebody's who is writing at this moment. */
export const TEMPORARY_AGE_MS = 86_400_000;

/** True for the names, without folders, that our unfinished writes leave behind when the process dies. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/** As {@link isTemporaryName}, for what a killed save leaves of a log: only that is removed from folders which are not ours alone. */
export function isTemporaryLog(name: string): boolean {
  return TEMPORARY_LOG.test(name);
}
