import { expect, it } from 'vitest';
import { vaultOf } from './vault.ts';

it.each([
  ['the one that was named, before all', '/named', '/setting', '/identity', '/named'],
  ['none when that was named', '', '/setting', '/identity', null],
  ['the setting, before identity.json', undefined, '/setting', '/identity', '/setting'],
  ['vault_path of identity.json, when nothing else says', undefined, '', '/identity', '/identity'],
  ['none when nothing says', undefined, '', null, null],
])('the vault is %s', (_which, named, setting, identity, vault) => {
  expect(vaultOf(named, setting, identity)).toBe(vault);
});
