import { describe, expect, it } from 'vitest';
import { checkLink } from './open-link.ts';

describe('checkLink', () => {
  it.each([
    ['https://example.org', 'https://example.org/'],
    ['https://example.org/a?b=c#d', 'https://example.org/a?b=c#d'],
    ['HTTPS://EXAMPLE.ORG/', 'https://example.org/'],
    ['mailto:hal@example.org?subject=x', 'mailto:hal@example.org?subject=x'],
    ['https://\u0430pple.com/', 'https://xn--pple-43d.com/'],
  ])('allows %s', (href, normal) => {
    expect(checkLink(href)).toEqual({ ok: true, value: normal });
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'http://example.org/',
    'ftp://example.org/',
    'ms-msdt:/id',
    'app://session-log/',
    '//example.org/',
    '/relative',
    'relative.md',
    '#anchor',
    'https://user@evil.example/',
    'https://bank.example:443@evil.example/',
    'https://exa mple.org/',
    'https://',
    '',
    `https://example.org/${'a'.repeat(2_000)}`,
  ])('refuses %j', (href) => {
    const result = checkLink(href);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.error.code).toBe('denied');
  });
});
