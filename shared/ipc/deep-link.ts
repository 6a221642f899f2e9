import { invitationLink, readInvitation } from '../domain/invitation.ts';
import { parseHash, type Route } from './route.ts';

/** The scheme of our links, which the system passes to the app. */
export const LINK_SCHEME = 'session-log';

const LONGEST = 5_000;

/**
 * Returns the place a `session-log://…` link leads to. Any page in any browser can open one: it only shows something, and nothing happens
 * until a person continues from there.
 * - `session-log://join?…`: the welcome with the invitation filled in
 * - `session-log://log/<machine>/<path>`: that log
 * @returns null for anything else
 */
export function routeOfLink(link: string): Route | null {
  if (link.length > LONGEST || !/^session-log:\/\/[\x21-\x7e]+$/.test(link)) return null;
  const [, place = '', rest = ''] = /^session-log:\/\/([a-z]+)\/?(.*)$/.exec(link) ?? [];
  if (place === 'join') {
    const invitation = readInvitation(link);
    // Rebuilt: only parsed parts of the link are used.
    return invitation === null
      ? null
      : { view: 'welcome', step: 'where', invitation: invitationLink(invitation) };
  }
  if (place !== 'log') return null;
  const route = parseHash(`#/logs/${rest.replace(/[?#].*$/, '')}`);
  return route?.view === 'logs' && route.log !== undefined ? { view: 'logs', log: route.log } : null;
}

/** Returns the place of the first of our links among a program's arguments; null if none leads anywhere. */
export function routeInArguments(words: readonly string[]): Route | null {
  const link = words.find((word) => word.startsWith(`${LINK_SCHEME}:`));
  return link === undefined ? null : routeOfLink(link);
}
