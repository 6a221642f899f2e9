import type { Session } from 'electron';

/** Files are saved through the main process's dialog; a download started by a page is not ours. */
export function refuseDownloads(session: Session): void {
  session.on('will-download', (event) => event.preventDefault());
}
