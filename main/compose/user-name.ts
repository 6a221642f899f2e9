import { userInfo } from 'node:os';

/** The user's name for whoever waits for a lock; a container may run under a user id that has none. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** As {@link userName}, and still telling where users have numbers and no names, as in a container. */
export function accountName(): string {
  const name = userName();
  return name === 'unknown' ? `user ${process.getuid?.() ?? ''}` : name;
}
