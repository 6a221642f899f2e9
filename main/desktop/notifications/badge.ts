import { app } from 'electron';

/**
 * What waits for the person, at the app's icon where the system draws a number (docks of macOS and of Linux desktops that know it).
 * @param count unread notes and problems together
 */
export function setBadge(count: number): void {
  app.setBadgeCount(count);
}
