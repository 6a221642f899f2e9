import { describe, expect, it } from 'vitest';
import { staysHere } from './stays-here.ts';

describe('logs that stay here', () => {
  it.each([
    ['clients/acme/**', 'clients/acme/2026-03/2026-03-04-mara-a.md', true],
    ['clients/acme/', 'clients/acme/2026-03-04-mara-a.md', true],
    ['clients/acme/**', 'clients/acme-corp/2026-03-04-mara-a.md', false],
    ['**/*-private.md', '2026-03/2026-03-04-mara-private.md', true],
    ['**/*-private.md', '2026-03-04-mara-private.md', true],
    ['*.md', '2026-03/2026-03-04-mara-a.md', false],
    ['{clients,projects}/secret/**', 'projects/secret/a.md', true],
    ['2026-0?/*', '2026-03/a.md', true],
    ['Clients/ACME/**', 'clients/acme/a.md', true],
    ['a+b (c)/**', 'a+b (c)/x.md', true],
    ['{', '{', true],
  ])('%s and %s: %s', (glob, path, expected) => {
    expect(staysHere([glob])(path)).toBe(expected);
  });

  it('are none without a glob', () => {
    expect(staysHere([])('a.md')).toBe(false);
  });
});
