import { replaceNow } from '../adapters/disk/node-files.ts';
import { createElectronSettings } from '../adapters/settings/electron-settings.ts';
import type { RunningApp } from '../core/app/create-app-service.ts';
import { createRouter, type Router } from '../ipc/router.ts';
import { openAppService, type ShellBase, type ShellParts } from './app-service.ts';

/** The desktop app's service and its router. */
export interface DesktopService {
  readonly app: RunningApp;
  readonly router: Router;
  readonly base: ShellBase;
}

/**
 * Builds the app service with the desktop's shell. Loaded once the tray shows: all heavy work starts here.
 * @param home absolute path of the data folder
 */
export async function openDesktopService(
  home: string,
  makeShell: (base: ShellBase) => ShellParts,
): Promise<DesktopService> {
  const { app, base } = await openAppService(home, makeShell, {
    settings: createElectronSettings(home, replaceNow),
  });
  const router = createRouter({
    app,
    monotonic: () => performance.now(),
    report: ({ channel, caller, durationMs, code, thrown, undeclared }) => {
      const facts = { channel, caller: `${caller.kind} ${caller.id}`, ms: Math.round(durationMs), code };
      if (thrown !== undefined) base.logger.error('a call threw', { ...facts, thrown: wordsOf(thrown) });
      else if (undeclared) base.logger.warn('a call gave a code that its contract does not list', facts);
      else base.logger.debug('call', facts);
    },
  });
  return { app, router, base };
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
