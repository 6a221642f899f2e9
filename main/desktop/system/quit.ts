import { app } from 'electron';
import type { DesktopService } from '../../compose/desktop.ts';
import type { AppTray } from '../tray/tray.ts';

/** The service stops within a second; this is for one that does not. */
const DEADLINE_MS = 1_500;

/**
 * Creates the only way to quit: whoever asks (menu, page, system), the service is stopped first, then the app ends. Interrupted work
 * resumes at the next start.
 * @returns asks to end
 */
export function createQuit(parts: {
  /** Lets windows close. */
  readonly release: () => void;
  readonly service: Promise<DesktopService>;
  readonly tray: AppTray;
}): () => void {
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  async function stop(): Promise<void> {
    parts.release();
    parts.tray.remove();
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, DEADLINE_MS));
    await Promise.race([parts.service.then(({ app: running }) => running.stop()), deadline]);
  }
  app.on('before-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    void stop().finally(() => {
      state = 'stopped';
      app.quit();
    });
  });
  return () => app.quit();
}
