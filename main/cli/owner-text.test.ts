import { expect, it } from 'vitest';
import { ownerText } from './owner-text.ts';

it.each([
  [{ who: 'mara', host: 'studio', pid: 12 }, 'mara on studio (process 12)'],
  [{ who: '', host: '', pid: 0, uid: 1007 }, 'the user 1007'],
  [{ who: '', host: '', pid: 31, uid: 0 }, 'the user 0 (process 31)'],
  [{ who: '', host: '', pid: 0 }, 'somebody who cannot be named'],
])('The owner %j of a lock is said as "%s", never as an empty name.', (owner, text) => {
  expect(ownerText(owner)).toBe(text);
});
