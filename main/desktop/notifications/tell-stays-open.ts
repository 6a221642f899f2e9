import { closeSync, openSync } from 'node:fs';
import { Notification } from 'electron';
import { en } from '../../../shared/i18n/en.ts';

/** A notification that nothing refers to is collected before it shows. */
let shown: Notification | null = null;

/**
 * Says, the first time that somebody closes the window, that the app goes on without it: once for each data folder.
 * @param mark a file whose being there says that it was told, absolute
 */
export function tellStaysOpen(mark: string): void {
  try {
    // Made only where it is not there yet.
    closeSync(openSync(mark, 'wx', 0o600));
  } catch {
    return;
  }
  if (!Notification.isSupported()) return;
  shown = new Notification({
    title: en.desktop.staysOpenTitle,
    body: process.platform === 'darwin' ? en.desktop.staysOpenMac : en.desktop.staysOpen,
    silent: true,
  });
  shown.on('close', () => {
    shown = null;
  });
  shown.show();
}
