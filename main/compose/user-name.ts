import { userInfo } from 'node:os';

/** The user's name for whoever waits for a lock; a container may run under a user id that has none. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
