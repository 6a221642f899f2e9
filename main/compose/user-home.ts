import { homedir, userInfo } from 'node:os';

/**
 * The user's home folder, absolute; null where unknown: without HOME, under a user id without a system entry, as containers are often
 * started.
 */
export function userHome(): string | null {
  try {
    const home = homedir();
    return home === '' ? null : home;
  } catch {
    return null;
  }
}

/** The user's home folder from the system, whatever HOME says; null where it has none. */
export function systemHome(): string | null {
  try {
    return userInfo().homedir;
  } catch {
    return null;
  }
}
