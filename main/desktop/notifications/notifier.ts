import { Notification } from 'electron';
import type { Announcement } from '../../core/app/notes/announcements.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { Notice } from '../../../shared/ipc/payloads.ts';

/**
 * Shows announcements as system notifications.
 * @param onClick opens the place
 * @param onRefused the system shows none (disabled, or an unsigned app on macOS): the notice belongs in the window
 */
export function createNotifier(options: {
  readonly onClick: (route: string) => void;
  readonly onRefused: (notice: Notice) => void;
}): (announcements: readonly Announcement[]) => void {
  // An unreferenced notification is garbage collected, and its click lost.
  const shown = new Set<Notification>();

  function show(announcement: Announcement): void {
    const { title, body, route } = announcement;
    const notification = new Notification({
      title,
      body: forSystem(body),
      // Only macOS shows buttons; everywhere, clicking the notification does the same.
      ...(process.platform === 'darwin' ? { actions: [{ type: 'button', text: en.panel.show }] } : {}),
    });
    const open = (): void => {
      shown.delete(notification);
      options.onClick(route);
    };
    shown.add(notification);
    notification.on('click', open);
    notification.on('action', open);
    notification.on('close', () => shown.delete(notification));
    notification.on('failed', () => {
      shown.delete(notification);
      options.onRefused(announcement);
    });
    notification.show();
  }

  return (announcements) => {
    for (const announcement of announcements)
      if (Notification.isSupported()) show(announcement);
      else options.onRefused(announcement);
  };
}

/** Linux notification daemons interpret the body as markup, so a note could contain links and images; escaped, it stays text. */
function forSystem(body: string): string {
  if (process.platform !== 'linux') return body;
  return body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
