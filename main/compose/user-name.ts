import { userInfo } from 'node:os';

/** The user's name as lock owner; a container may run under a user id without one. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** Like {@link userName}, but distinct where users have only numbers, as in a container. */
export function accountName(): string {
  const name = userName();
  return name === 'unknown' ? `user ${process.getuid?.() ?? ''}` : name;
}
