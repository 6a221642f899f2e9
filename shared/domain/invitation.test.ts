import { describe, expect, it } from 'vitest';
import { invitationLink, readInvitation, type Invitation } from './invitation.ts';

const INVITATION: Invitation = { url: 'gs://team-logs/a b', tenant: 'harbor', endpoint: '' };

describe('an invitation', () => {
  it.each([
    INVITATION,
    { ...INVITATION, url: 'gs://team-logs', endpoint: 'https://storage.example.com:8443/x' },
    { ...INVITATION, url: 'file:///Volumes/team%20(logs)/it!' },
    { ...INVITATION, url: 'file://server/share' },
  ])('is read as it was written', (invitation) => {
    const link = invitationLink(invitation);
    const known = { ...invitation, url: invitation.url };
    expect(link).toMatch(/^session-log:\/\/join\?[\w%=&.~-]+$/);
    expect(readInvitation(link)).toEqual(invitation.url.includes(' ') ? null : known);
  });

  it('is found in the line and in the message around it', () => {
    const link = invitationLink({ ...INVITATION, url: 'gs://team-logs' });
    for (const text of [`session-log setup "${link}"`, `Hi Mara,\n\n<${link}>\n\nsee you`, `  ${link}.`])
      expect(readInvitation(text)).toMatchObject({ url: 'gs://team-logs', tenant: 'harbor' });
  });

  it.each([
    '',
    'gs://team-logs',
    'session-log://join?tenant=harbor',
    'session-log://join?store=&tenant=harbor',
    'session-log://join?store=gs%3A%2F%2Fteam-logs&tenant=..%2Fother',
    'session-log://join?store=gs%3A%2F%2Fteam-logs&tenant=',
    'session-log://join?store=https%3A%2F%2Fexample.com&tenant=harbor',
    'session-log://join?store=javascript%3Aalert(1)&tenant=harbor',
    'session-log://join?store=gs%3A%2F%2Fuser%40team&tenant=harbor',
    'session-log://join?store=gs%3A%2F%2Fa%0Ab&tenant=harbor',
    'session-log://join?store=gs%3A%2F%2Fteam-logs&tenant=harbor&endpoint=file%3A%2F%2F%2Fetc',
    'session-log://join?store=gs%3A%2F%2Fteam-logs&tenant=harbor&endpoint=https%3A%2F%2Fu%3Ap%40x',
    `session-log://join?store=gs%3A%2F%2F${'a'.repeat(6_000)}&tenant=harbor`,
  ])('is none: %j', (text) => expect(readInvitation(text)).toBeNull());
});
