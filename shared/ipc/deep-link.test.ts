import { expect, it } from 'vitest';
import { hashOf, parseHash, type Route } from './route.ts';
import { routeInArguments, routeOfLink } from './deep-link.ts';

const MACHINE = '0123abcd-0123-0123-0123-0123456789ab';
const JOIN = 'session-log://join?store=gs%3A%2F%2Fteam-logs&tenant=harbor';

it.each([
  [JOIN, { view: 'welcome', step: 'where', invitation: JOIN }],
  [`session-log://join/?${JOIN.split('?')[1]}`, null],
  [`${JOIN}&evil=1`, { view: 'welcome', step: 'where', invitation: JOIN }],
  [`session-log://log/${MACHINE}/2026-01/a%20b.md`, { view: 'logs', log: `${MACHINE}/2026-01/a b.md` }],
  [`session-log://log/${MACHINE}/a.md?line=2#x`, { view: 'logs', log: `${MACHINE}/a.md` }],
] as const)('%s leads to its place', (link, route) => {
  expect(routeOfLink(link)).toEqual(route);
  if (route !== null) expect(parseHash(hashOf(route as Route))).toEqual(route);
});

it.each([
  'session-log://',
  'session-log:join?store=gs%3A%2F%2Fteam-logs&tenant=harbor',
  'SESSION-LOG://settings',
  'session-log://settings/store',
  'session-log://save',
  'session-log://join?store=javascript%3Aalert(1)&tenant=harbor',
  `session-log://log/${MACHINE}/..%2F..%2Fetc%2Fpasswd.md`,
  `session-log://log/${MACHINE}/%00.md`,
  `session-log://log/${MACHINE}`,
  'session-log://log/x/y.md',
  `${JOIN}\n--inspect`,
  `session-log://log/${MACHINE}/${'a'.repeat(6_000)}.md`,
  'https://example.com/?session-log://join',
])('%j leads nowhere', (link) => {
  expect(routeOfLink(link)).toBeNull();
});

it('is found among the arguments of a program', () => {
  expect(routeInArguments(['/opt/app', '--no-sandbox', `session-log://log/${MACHINE}/a.md`])).toMatchObject({
    view: 'logs',
  });
  expect(routeInArguments(['/opt/app', '--hidden'])).toBeNull();
});
