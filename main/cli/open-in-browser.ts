import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startDetached } from '../compose/programs.ts';
import { userHome } from '../compose/user-home.ts';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Whether there is a display for a browser. */
export function hasDisplay(env: Readonly<Record<string, string | undefined>>): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32')
    return env['SSH_CONNECTION'] === undefined;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/**
 * Opens an address with a token in the person's browser. Every user of a machine can read command lines, so the browser gets the name of
 * a private file that redirects there.
 * @param state folder for the file on systems whose browsers may read it
 * @returns a function that removes the file; null when no browser could be started
 */
export async function openInBrowser(address: string, state: string): Promise<(() => Promise<void>) | null> {
  // Sandboxed browsers (snap, flatpak) only see the non-hidden part of a home folder.
  const folder = (process.platform === 'linux' ? userHome() : null) ?? state;
  const file = join(folder, `session-log-${randomBytes(6).toString('hex')}.html`);
  const page = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${address}"><title>Session Log</title>`;
  await writeFile(file, page, { mode: 0o600, flag: 'wx' });
  const remove = (): Promise<void> => rm(file, { force: true });
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const problem = await startDetached(program, [...args, pathToFileURL(file).href]);
  if (problem === null) return remove;
  await remove();
  return null;
}
