import { expect, it } from 'vitest';
import { parseTenantId } from './ids.ts';
import { proposeTenant } from './propose-tenant.ts';

it.each([
  ['Acme Team', 'acme-team'],
  ['acme', 'acme'],
  ['  Zürich & Söhne GmbH. ', 'zurich-sohne-gmbh'],
  ['a'.repeat(62) + '--b', 'a'.repeat(62)],
  ['山田', ''],
  ['--', ''],
  ['x'.repeat(100_000), 'x'.repeat(63)],
])('%j becomes %j', (text, tenant) => {
  expect(proposeTenant(text)).toBe(tenant);
  expect(tenant === '' || parseTenantId(tenant).ok).toBe(true);
});
