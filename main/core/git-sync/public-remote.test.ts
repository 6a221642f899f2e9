import { describe, expect, it } from 'vitest';
import { webAddress } from './public-remote.ts';

describe('where a browser finds a remote', () => {
  it.each([
    ['https://mara:token@github.com/acme/app.git', 'https://github.com/acme/app.git'],
    ['https://token@git.internal:8443/acme/app', 'https://git.internal:8443/acme/app'],
    ['http://127.0.0.1:8080/app.git?x=1#y', 'http://127.0.0.1:8080/app.git'],
    ['git@github.com:acme/app.git', 'https://github.com/acme/app.git'],
    ['github.com:acme/app.git', 'https://github.com/acme/app.git'],
    ['ssh://git@ssh.example.com:2222/acme/app.git', 'https://ssh.example.com/acme/app.git'],
  ])('is of %s: %s', (address, url) => expect(webAddress(address)).toBe(url));

  it.each([
    '/srv/git/app.git',
    '../app',
    'file:///srv/app.git',
    'C:\\git\\app',
    'host:app.git',
    '',
    'ext::sh -c x',
  ])('is nowhere for %j', (address) => expect(webAddress(address)).toBeNull());
});
