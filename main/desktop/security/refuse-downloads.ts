import type { Session } from 'electron';

/** Files leave by the save dialog of the main process; a download that a page starts is none of ours. */
export function refuseDownloads(session: Session): void {
  session.on('will-download', (event) => event.preventDefault());
}
