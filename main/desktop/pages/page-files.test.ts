import { describe, expect, it } from 'vitest';
import { isAppUrl, pageUrl } from './app-origin.ts';
import { pageFiles } from './page-files.ts';

const find = pageFiles([
  'browser/index.html',
  'assets/main-1a.js',
  'assets\\main-1a.css',
  'assets/main-1a.js.map',
  '.session-log-stamp',
]);

describe('the files of the pages', () => {
  it('are found by their exact addresses, with their types', () => {
    expect(find(pageUrl('browser', '#/logs'))).toEqual({
      path: 'browser/index.html',
      type: 'text/html; charset=utf-8',
    });
    expect(find('app://session-log/assets/main-1a.js')?.type).toBe('text/javascript; charset=utf-8');
    expect(find('app://session-log/assets/main-1a.css')?.path).toBe('assets/main-1a.css');
  });

  it.each([
    'app://session-log/',
    'app://session-log/browser',
    'app://session-log/browser/../../package.json',
    'app://session-log/browser/%2e%2e/%2e%2e/package.json',
    'app://session-log/..%2f..%2fpackage.json',
    'app://session-log/..\\..\\package.json',
    'app://session-log//etc/passwd',
    'app://session-log/browser/index.html/',
    'app://session-log/browser/index.html%00.js',
    'app://session-log/BROWSER/index.html',
    'app://session-log/assets/main-1a.js.map',
    'app://session-log/.session-log-stamp',
    'app://other/browser/index.html',
    'app://session-log.evil/browser/index.html',
    'app://session-log:80/browser/index.html',
    'file:///browser/index.html',
    'https://session-log/browser/index.html',
    'no address',
  ])('are not found at %s', (address) => {
    expect(find(address)).toBeNull();
  });
});

describe('our origin', () => {
  it('holds our pages', () => {
    expect(isAppUrl(pageUrl('panel'))).toBe(true);
    expect(isAppUrl(pageUrl('browser', '#/notes'))).toBe(true);
  });

  it.each([
    '',
    'about:blank',
    'app://other/browser/index.html',
    'app://session-log@evil/',
    'app://evil@session-log/',
    'app:session-log',
    'https://session-log/',
    'file:///session-log',
    'data:text/html,app://session-log',
    'blob:app://session-log/1',
  ])('does not hold %s', (address) => {
    expect(isAppUrl(address)).toBe(false);
  });
});
