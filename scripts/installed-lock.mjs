/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean, link?: boolean }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} Lock
 */

/**
 * Checks that npm's installation matches the lock file, so that a folder from somebody's own `npm ci` is used as it
 * is.
 * @param {Lock} lock package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json, where npm records what it put there
 * @returns {boolean}
 */
export function installedMatchesLock(lock, installed) {
  const asked = lock.packages ?? {};
  const found = installed.packages ?? {};
  const allThere = Object.entries(asked).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const there = found[path];
    // Packages for other platforms are in the lock and legitimately absent from the folder.
    if (there === undefined) return entry.optional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
  return allThere && Object.keys(found).every((path) => path in asked);
}
