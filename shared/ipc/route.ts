import type { LogId } from '../domain/ids.ts';
import { readInvitation } from '../domain/invitation.ts';
import { parseLogId } from '../domain/log-path.ts';
import { AGENTS, isSessionId } from '../transcripts/agents.ts';
import type { SessionKey } from '../transcripts/session-list.ts';
import { NO_FILTERS, readFilters, writeFilters, type ListFilters } from './list-filters.ts';
import { EVERY_TASK, readTaskFilters, writeTaskFilters, type TaskFilters } from './task-filters.ts';

/** The pages of the settings view. */
export const SETTINGS_PAGES = [
  'store',
  'readers',
  'machine',
  'workspaces',
  'sessions',
  'schedule',
  'notifications',
  'app',
] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

/** The steps of the welcome, in order. */
export const WELCOME_STEPS = ['where', 'check', 'who', 'agents', 'logs', 'sessions', 'push'] as const;
export type WelcomeStep = (typeof WELCOME_STEPS)[number];

/** A place in the log browser. Encoded as the hash of its address, so that a tray menu, a notification and a bookmark agree. */
export type Route =
  | {
      readonly view: 'logs';
      readonly log?: LogId;
      readonly line?: number;
      /** This exact copy instead of the fullest available one. */
      readonly exact?: true;
      /** Filters of the list beside it; omitted if none. */
      readonly filters?: ListFilters;
    }
  | { readonly view: 'notes'; readonly note?: string }
  | {
      readonly view: 'pending';
      /** Omitted when every open task is listed. */
      readonly tasks?: TaskFilters;
    }
  | {
      readonly view: 'sessions';
      /** The agent session being read. */
      readonly session?: SessionKey;
      /** The list shows only what will soon be lost. */
      readonly atRisk?: true;
    }
  | { readonly view: 'sync' }
  /** The dialog that saves a session, over the logs. */
  | { readonly view: 'save' }
  | { readonly view: 'settings'; readonly page?: SettingsPage }
  | {
      readonly view: 'welcome';
      readonly step?: WelcomeStep;
      /** The link a colleague sent; the first step reads it. */
      readonly invitation?: string;
    };

/** Formats a route as a hash, e.g. `#/logs/<uuid>/2026-01-06-hal-topic.md?line=12&project=harbor`. */
export function hashOf(route: Route): string {
  switch (route.view) {
    case 'logs': {
      const path = route.log === undefined ? [] : route.log.split('/').map(encodeURIComponent);
      const query = [
        route.line === undefined || route.log === undefined ? '' : `line=${route.line}`,
        route.exact === true ? 'copy=exact' : '',
        writeFilters(route.filters ?? NO_FILTERS),
      ].filter((part) => part !== '');
      return `#/${['logs', ...path].join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
    }
    case 'notes':
      return route.note === undefined ? '#/notes' : `#/notes/${route.note}`;
    case 'pending': {
      const query = writeTaskFilters(route.tasks ?? EVERY_TASK);
      return query === '' ? '#/pending' : `#/pending?${query}`;
    }
    case 'sessions':
      return route.session === undefined
        ? `#/sessions${route.atRisk === true ? '?at-risk' : ''}`
        : `#/sessions/${route.session.agent}/${route.session.id}`;
    case 'settings':
      return route.page === undefined ? '#/settings' : `#/settings/${route.page}`;
    case 'welcome': {
      const query =
        route.invitation === undefined ? '' : `?invitation=${encodeURIComponent(route.invitation)}`;
      return `${route.step === undefined ? '#/welcome' : `#/welcome/${route.step}`}${query}`;
    }
    case 'sync':
      return '#/sync';
    case 'save':
      return '#/save';
  }
}

/** Maximum characters of a hash: a path and the chosen filters. */
const LONGEST = 16_000;

/** Parses a hash; null when it names no place. Hashes come from bookmarks and other programs and are not trusted. */
export function parseHash(hash: string): Route | null {
  if (hash.length > LONGEST) return null;
  const cut = hash.indexOf('?');
  const path = (cut === -1 ? hash : hash.slice(0, cut)).replace(/^#?\/?/, '');
  const [view = '', ...rest] = path.split('/');
  switch (view) {
    case '':
      return { view: 'logs' };
    case 'logs':
      return logsRoute(rest, cut === -1 ? '' : hash.slice(cut + 1));
    case 'notes': {
      const [note] = rest;
      if (note === undefined) return { view: 'notes' };
      return /^[0-9a-f]{64}$/.test(note) && rest.length === 1 ? { view: 'notes', note } : null;
    }
    case 'pending': {
      if (rest.length > 0) return null;
      const tasks = readTaskFilters(cut === -1 ? '' : hash.slice(cut + 1));
      return writeTaskFilters(tasks) === '' ? { view } : { view, tasks };
    }
    case 'sessions':
      return sessionsRoute(rest, cut === -1 ? '' : hash.slice(cut + 1));
    case 'settings': {
      const page = SETTINGS_PAGES.find((name) => name === rest[0]);
      if (rest.length === 0) return { view: 'settings' };
      return page === undefined || rest.length > 1 ? null : { view: 'settings', page };
    }
    case 'welcome': {
      const step = WELCOME_STEPS.find((name) => name === rest[0]);
      const sent = new URLSearchParams(cut === -1 ? '' : hash.slice(cut + 1)).get('invitation');
      const invitation = sent === null || readInvitation(sent) === null ? {} : { invitation: sent };
      if (rest.length === 0) return { view: 'welcome', ...invitation };
      return step === undefined || rest.length > 1 ? null : { view: 'welcome', step, ...invitation };
    }
    case 'sync':
    case 'save':
      return rest.length === 0 ? { view } : null;
    default:
      return null;
  }
}

function sessionsRoute(parts: readonly string[], query: string): Route | null {
  if (parts.length === 0)
    return { view: 'sessions', ...(query === 'at-risk' ? { atRisk: true as const } : {}) };
  const [name, id = ''] = parts;
  const agent = AGENTS.find((one) => one === name);
  if (agent === undefined || parts.length !== 2 || !isSessionId(id)) return null;
  return { view: 'sessions', session: { agent, id } };
}

function logsRoute(parts: readonly string[], query: string): Route | null {
  const filters = readFilters(query);
  const list = writeFilters(filters) === '' ? {} : { filters };
  if (parts.length === 0) return { view: 'logs', ...list };
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
  const exact = query.split('&').includes('copy=exact') ? { exact: true as const } : {};
  const line = /(?:^|&)line=([1-9]\d{0,8})(?:&|$)/.exec(query)?.[1];
  return {
    view: 'logs',
    log: id.value.id,
    ...(line === undefined ? {} : { line: Number(line) }),
    ...exact,
    ...list,
  };
}
