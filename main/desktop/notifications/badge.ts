import { app } from 'electron';

/**
 * Shows a count on the app's icon if the system supports it (docks of macOS and of Linux desktops that have it).
 * @param count unread notes and problems together
 */
export function setBadge(count: number): void {
  app.setBadgeCount(count);
}
