import { describe, expect, it } from 'vitest';

import { formatRecordName } from './record-name.ts';
import type { OwnerIdentity } from './record-name.ts';
import { judge } from './verdict.ts';
import type { Sighting, Verdict } from './verdict.ts';

const SELF: OwnerIdentity = { host: 'aaaaaaaa', boot: 'b'.repeat(16), pidns: '7', pid: 10, start: '100' };
const OWNER: OwnerIdentity = { ...SELF, pid: 20, start: '200' };
const GONE: Sighting = { kind: 'absent' };
const SAME: Sighting = { kind: 'running', start: '200' };
const OTHER: Sighting = { kind: 'running', start: '201' };
const NO_BOOT = '0'.repeat(16);

interface Case {
  readonly name: string;
  readonly owner?: Partial<OwnerIdentity>;
  readonly self?: Partial<OwnerIdentity>;
  readonly network?: boolean;
  readonly sees?: Sighting;
  readonly verdict: Verdict;
}

/** In the order of the rules; where two rules speak, the earlier one wins. */
const TABLE: readonly Case[] = [
  { name: '2 another host', owner: { host: 'cccccccc' }, sees: GONE, verdict: 'unknown' },
  {
    name: '2 another host, another boot',
    owner: { host: 'cccccccc', boot: NO_BOOT },
    sees: GONE,
    verdict: 'unknown',
  },
  { name: '3 network, no such process', network: true, sees: GONE, verdict: 'unknown' },
  { name: '3 network, the process lives', network: true, sees: SAME, verdict: 'alive' },
  { name: '3 network, pid reused', network: true, sees: OTHER, verdict: 'unknown' },
  {
    name: '3 network, another boot',
    network: true,
    owner: { boot: 'd'.repeat(16) },
    sees: GONE,
    verdict: 'unknown',
  },
  { name: '3 network, zombie', network: true, sees: { kind: 'zombie' }, verdict: 'unknown' },
  {
    name: '4 another boot, pid and start as now',
    owner: { boot: 'd'.repeat(16) },
    sees: SAME,
    verdict: 'dead',
  },
  { name: '4 another boot, another namespace', owner: { boot: 'd'.repeat(16), pidns: '8' }, verdict: 'dead' },
  { name: '4 the record does not know its boot', owner: { boot: NO_BOOT }, sees: SAME, verdict: 'alive' },
  { name: '4 we do not know ours', self: { boot: NO_BOOT }, sees: GONE, verdict: 'dead' },
  { name: '5 another namespace', owner: { pidns: '8' }, sees: GONE, verdict: 'unknown' },
  { name: '6 no such process', sees: GONE, verdict: 'dead' },
  { name: '6 zombie', sees: { kind: 'zombie' }, verdict: 'dead' },
  { name: '6 pid reused', sees: OTHER, verdict: 'dead' },
  { name: '6 the same process', sees: SAME, verdict: 'alive' },
  { name: '6 its start is not told', sees: { kind: 'running', start: null }, verdict: 'alive' },
  { name: '6 the record does not know its start', owner: { start: '0' }, sees: OTHER, verdict: 'alive' },
  { name: '6 the record does not know, and it is gone', owner: { start: '0' }, sees: GONE, verdict: 'dead' },
];

function asks(change: Pick<Case, 'self' | 'network' | 'sees'>): Parameters<typeof judge>[1] {
  return {
    self: { ...SELF, ...change.self },
    onNetwork: () => Promise.resolve(change.network === true),
    processes: {
      look: (pid, start) => {
        expect([pid, start]).toEqual([20, expect.any(String)]);
        if (change.sees === undefined) throw new Error('nobody had to look');
        return Promise.resolve(change.sees);
      },
    },
  };
}

describe('the verdict about an owner', () => {
  it.each(TABLE)('$name: $verdict', async ({ owner, verdict, ...change }) => {
    const name = formatRecordName({ ...OWNER, ...owner }, '0'.repeat(16));
    expect(await judge(name, asks(change))).toBe(verdict);
  });

  it('1 a name that is no record: unknown', async () => {
    expect(await judge('owner.pid', asks({}))).toBe('unknown');
  });
});
