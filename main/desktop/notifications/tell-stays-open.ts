import { closeSync, openSync } from 'node:fs';
import { Notification } from 'electron';
import { en } from '../../../shared/i18n/en.ts';

/** An unreferenced notification is garbage collected before it shows. */
let shown: Notification | null = null;

/**
 * Explains, the first time a person closes the window, that the app continues without it, and how to open and quit it: once per data folder.
 * @param mark a file whose existence records that it was shown, absolute
 */
export function tellStaysOpen(mark: string): void {
  try {
    // Fails if it already exists.
    closeSync(openSync(mark, 'wx', 0o600));
  } catch {
    return;
  }
  if (!Notification.isSupported()) return;
  shown = new Notification({
    title: en.desktop.staysOpenTitle,
    body: bodyOn(process.platform),
    silent: true,
  });
  shown.on('close', () => {
    shown = null;
  });
  shown.show();
}

function bodyOn(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return en.desktop.staysOpenMac;
  return platform === 'win32' ? en.desktop.staysOpen : en.desktop.staysOpenLinux;
}
