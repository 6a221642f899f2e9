import { describe, expect, it } from 'vitest';
import { pageUrl } from '../pages/app-origin.ts';
import { checkSender, type Sender } from './check-sender.ts';

const good: Sender = { page: 'browser', frameUrl: pageUrl('browser', '#/logs'), isMainFrame: true };

describe('the check of a sender', () => {
  it('lets our pages pass, by name', () => {
    expect(checkSender(good)).toEqual({ ok: true, value: 'browser' });
    expect(checkSender({ ...good, page: 'panel', frameUrl: pageUrl('panel') })).toEqual({
      ok: true,
      value: 'panel',
    });
  });

  it.each([
    ['a window that is not ours', { page: null }],
    ['a frame that is gone', { frameUrl: null }],
    ['a frame inside a page', { isMainFrame: false }],
    ['about:blank', { frameUrl: 'about:blank' }],
    ['another origin', { frameUrl: 'https://evil.example/' }],
    ['a file', { frameUrl: 'file:///etc/passwd' }],
    ['a host that begins like ours', { frameUrl: 'app://session-log.evil/browser/index.html' }],
    ['data', { frameUrl: 'data:text/html,x' }],
  ] satisfies [string, Partial<Sender>][])('refuses %s', (_name, change) => {
    expect(checkSender({ ...good, ...change })).toMatchObject({ ok: false, error: { code: 'denied' } });
  });
});
