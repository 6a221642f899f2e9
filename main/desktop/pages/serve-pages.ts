import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { protocol } from 'electron';
import { PAGE_HEADERS } from '../../../shared/security/content-security-policy.ts';
import { APP_SCHEME } from './app-origin.ts';
import { pageFiles, type PageFile } from './page-files.ts';

/** Makes `app:` a scheme with its own origin. Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    // No fetch, no service workers, no bypass of the policy: pages load their own files and nothing else.
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true } },
  ]);
}

/**
 * Serves the built pages on `app://session-log/`.
 * @param folder absolute path of the built pages
 * @param developmentServer serves them from their sources instead, without the policy, which breaks hot reload; undefined in the product
 */
export function servePages(folder: string, developmentServer: string | undefined): void {
  if (developmentServer !== undefined) {
    protocol.handle(APP_SCHEME, ({ url }) => {
      const { pathname, search } = new URL(url);
      // Not Electron's own fetch, whose requests count as a page's and are refused.
      return fetch(`${developmentServer}${pathname}${search}`);
    });
    return;
  }
  let listed: Promise<(address: string) => PageFile | null> | null = null;
  const list = async (): Promise<(address: string) => PageFile | null> => {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    return pageFiles(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name))),
    );
  };
  protocol.handle(APP_SCHEME, async (request) => {
    if (request.method !== 'GET') return refusal(405);
    listed ??= list();
    const file = (await listed)(request.url);
    if (file === null) return refusal(404);
    // Not net.fetch of a file: address: only Node's own calls can read every file inside an asar.
    const bytes = await readFile(join(folder, file.path));
    return new Response(new Uint8Array(bytes), { headers: { ...PAGE_HEADERS, 'content-type': file.type } });
  });
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: PAGE_HEADERS });
}
