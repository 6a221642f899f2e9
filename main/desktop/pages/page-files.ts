import { extname } from 'node:path';
import { APP_SCHEME } from './app-origin.ts';
import { PAGE_TYPES } from '../../../shared/page-types.ts';

/** A file of the pages, as named by the build. */
export interface PageFile {
  /** Relative to the folder of the built pages, with forward slashes. */
  readonly path: string;
  readonly type: string;
}

/**
 * The files that pages may request: those built, by their exact addresses. Anything else does not exist, so no spelling of `..` can lead
 * anywhere.
 * @param built paths relative to the folder of the built pages
 */
export function pageFiles(built: readonly string[]): (address: string) => PageFile | null {
  const files = new Map<string, PageFile>();
  for (const name of built) {
    const path = name.replaceAll('\\', '/');
    const type = PAGE_TYPES[extname(path)];
    if (type !== undefined) files.set(`/${path}`, { path, type });
  }
  return (address) => {
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      return null;
    }
    if (url.protocol !== `${APP_SCHEME}:` || url.host !== 'session-log') return null;
    return files.get(url.pathname) ?? null;
  };
}
