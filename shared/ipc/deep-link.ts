import { invitationLink, readInvitation } from '../domain/invitation.ts';
import { parseHash, type Route } from './route.ts';

/** The scheme of our links: the system hands them to the app. */
export const LINK_SCHEME = 'session-log';

const LONGEST = 5_000;

/**
 * The place that a `session-log://…` link leads to. Any page of any browser can open one: it shows something, and nothing is done before a person
 * goes on from there.
 * - `session-log://join?…`: the welcome with the invitation filled in
 * - `session-log://log/<machine>/<path>`: that log
 * @returns null for anything else
 */
export function routeOfLink(link: string): Route | null {
  if (link.length > LONGEST || !/^session-log:\/\/[\x21-\x7e]+$/.test(link)) return null;
  const [, place = '', rest = ''] = /^session-log:\/\/([a-z]+)\/?(.*)$/.exec(link) ?? [];
  if (place === 'join') {
    const invitation = readInvitation(link);
    // Written anew: nothing of the link comes along that was not read.
    return invitation === null
      ? null
      : { view: 'welcome', step: 'where', invitation: invitationLink(invitation) };
  }
  if (place !== 'log') return null;
  const route = parseHash(`#/logs/${rest.replace(/[?#].*$/, '')}`);
  return route?.view === 'logs' && route.log !== undefined ? { view: 'logs', log: route.log } : null;
}

/** The place that the first of our links among a program's arguments leads to; null where there is none that leads anywhere. */
export function routeInArguments(words: readonly string[]): Route | null {
  const link = words.find((word) => word.startsWith(`${LINK_SCHEME}:`));
  return link === undefined ? null : routeOfLink(link);
}
