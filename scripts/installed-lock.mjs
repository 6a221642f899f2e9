/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean, link?: boolean }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} Lock
 */

/**
 * Tells whether what npm installed is what the lock file asks for, so that a folder that somebody's own `npm ci`
 * made is used as it is.
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
    // Packages for other platforms are in the lock and rightly absent from the folder.
    if (there === undefined) return entry.optional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
  return allThere && Object.keys(found).every((path) => path in asked);
}
