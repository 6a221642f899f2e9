import type { LogId } from '../domain/ids.ts';
import { parseLogId } from '../domain/log-path.ts';

/** The pages of the settings view. */
export const SETTINGS_PAGES = ['store', 'machine', 'workspaces', 'schedule', 'notifications', 'app'] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

/** A place in the log browser. Travels as the hash of its address, so that a tray menu, a notification and a bookmark agree. */
export type Route =
  | { readonly view: 'logs'; readonly log?: LogId; readonly line?: number }
  | { readonly view: 'notes'; readonly note?: string }
  | { readonly view: 'sync' }
  | { readonly view: 'settings'; readonly page?: SettingsPage }
  | { readonly view: 'welcome' };

/** Writes a route as a hash, e.g. `#/logs/<uuid>/2026-01-06-hal-topic.md?line=12`. */
export function hashOf(route: Route): string {
  switch (route.view) {
    case 'logs': {
      if (route.log === undefined) return '#/logs';
      const path = route.log.split('/').map(encodeURIComponent).join('/');
      return `#/logs/${path}${route.line === undefined ? '' : `?line=${route.line}`}`;
    }
    case 'notes':
      return route.note === undefined ? '#/notes' : `#/notes/${route.note}`;
    case 'settings':
      return route.page === undefined ? '#/settings' : `#/settings/${route.page}`;
    case 'sync':
    case 'welcome':
      return `#/${route.view}`;
  }
}

/** Reads a hash; null when it names no place. Hashes come from bookmarks and other programs: nothing in them is trusted. */
export function parseHash(hash: string): Route | null {
  if (hash.length > 4_000) return null;
  const cut = hash.indexOf('?');
  const path = (cut === -1 ? hash : hash.slice(0, cut)).replace(/^#?\/?/, '');
  const [view = '', ...rest] = path.split('/');
  switch (view) {
    case '':
      return { view: 'logs' };
    case 'logs':
      return rest.length === 0 ? { view: 'logs' } : logRoute(rest, cut === -1 ? '' : hash.slice(cut + 1));
    case 'notes': {
      const [note] = rest;
      if (note === undefined) return { view: 'notes' };
      return /^[0-9a-f]{64}$/.test(note) && rest.length === 1 ? { view: 'notes', note } : null;
    }
    case 'settings': {
      const page = SETTINGS_PAGES.find((name) => name === rest[0]);
      if (rest.length === 0) return { view: 'settings' };
      return page === undefined || rest.length > 1 ? null : { view: 'settings', page };
    }
    case 'sync':
    case 'welcome':
      return rest.length === 0 ? { view } : null;
    default:
      return null;
  }
}

function logRoute(parts: readonly string[], query: string): Route | null {
  const decoded: string[] = [];
  for (const part of parts) {
    try {
      decoded.push(decodeURIComponent(part));
    } catch {
      return null;
    }
  }
  const id = parseLogId(decoded.join('/'));
  if (!id.ok) return null;
  const line = /(?:^|&)line=([1-9]\d{0,8})(?:&|$)/.exec(query)?.[1];
  return { view: 'logs', log: id.value.id, ...(line === undefined ? {} : { line: Number(line) }) };
}
