import { app } from 'electron';

/** The number of unread notes at the app's icon, where the system draws one (macOS, and docks of Linux that know it). */
export function setBadge(unread: number): void {
  app.setBadgeCount(unread);
}
