import { homedir } from 'node:os';

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
