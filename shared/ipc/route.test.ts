import { describe, expect, it } from 'vitest';
import type { LogId } from '../domain/ids.ts';
import { NO_FILTERS } from './list-filters.ts';
import { hashOf, parseHash, type Route } from './route.ts';

const LOG = '0123abcd-0123-0123-0123-0123456789ab/2026-01/2026-01-06-hal-a b#c%d?é.md'.replace(
  '?',
  '',
) as LogId;
const ROUTES: readonly Route[] = [
  { view: 'logs' },
  { view: 'logs', log: LOG },
  { view: 'logs', log: LOG, line: 12 },
  { view: 'logs', log: LOG, exact: true },
  { view: 'logs', filters: { ...NO_FILTERS, text: 'line=3 & more?', projects: ['harbor/api'] } },
  { view: 'logs', log: LOG, line: 12, filters: { ...NO_FILTERS, places: ['cached'], order: 'oldest' } },
  { view: 'notes' },
  { view: 'notes', note: 'ab'.repeat(32) },
  { view: 'pending' },
  { view: 'sessions' },
  { view: 'sessions', atRisk: true },
  { view: 'sessions', session: { agent: 'claude-code', id: '00000000-0000-4000-8000-000000000001' } },
  { view: 'pending', tasks: { person: 'mara & co', project: 'harbor/api', mine: false, done: true } },
  { view: 'pending', tasks: { person: null, project: null, mine: true, done: false } },
  { view: 'sync' },
  { view: 'settings' },
  { view: 'settings', page: 'machine' },
  { view: 'welcome' },
  { view: 'welcome', step: 'agents' },
  {
    view: 'welcome',
    step: 'where',
    invitation: 'session-log://join?store=gs%3A%2F%2Fteam-logs&tenant=harbor',
  },
];

describe('routes', () => {
  it.each(ROUTES)('reads back what it wrote: %o', (route) => {
    expect(parseHash(hashOf(route))).toEqual(route);
  });

  it.each([
    '#/nowhere',
    '#/logs/not-a-machine/x.md',
    '#/logs/0123abcd-0123-0123-0123-0123456789ab/../../etc/passwd.md',
    '#/logs/0123abcd-0123-0123-0123-0123456789ab/%2e%2e/x.md',
    '#/logs/0123abcd-0123-0123-0123-0123456789ab/%zz.md',
    '#/logs/0123abcd-0123-0123-0123-0123456789ab/x.exe',
    '#/notes/xyz',
    '#/settings/nothing',
    '#/sync/extra',
    '#/pending/extra',
    '#/welcome/nowhere',
    '#/welcome/who/else',
    `#/logs/${'a'.repeat(20_000)}`,
  ])('refuses %s', (hash) => {
    expect(parseHash(hash)).toBeNull();
  });

  it('takes an empty hash for the list of logs', () => {
    expect(parseHash('')).toEqual({ view: 'logs' });
    expect(parseHash('#/')).toEqual({ view: 'logs' });
  });

  it('ignores a line that is no line', () => {
    expect(parseHash(`${hashOf({ view: 'logs', log: LOG })}?line=-1`)).toEqual({ view: 'logs', log: LOG });
  });
});
