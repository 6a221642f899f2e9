import { homedir, userInfo } from 'node:os';

/**
 * The user's home folder, absolute; null where nobody knows one: without HOME, under a user id that the system has no entry for, as
 * containers are often started.
 */
export function userHome(): string | null {
  try {
    const home = homedir();
    return home === '' ? null : home;
  } catch {
    return null;
  }
}

/** The home folder that the system has for the user, whatever HOME says; null where it has none. */
export function systemHome(): string | null {
  try {
    return userInfo().homedir;
  } catch {
    return null;
  }
}
