/** What a colleague's machine wrote is found, as shipped: packs through the store, then without it. */
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatPlayedMachine } from '../../main/core/demo/played-machine.ts';
import type { MachineFacts } from '../../main/core/ports/machine-probe.ts';
import type { SearchAnswer } from '../../shared/domain/search-answer.ts';
import { envelopeOf, runBuilt, type Ended } from './built-cli.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-search-team-')));
const store = join(root, 'store');
const LOG = '2026-06-05-ana-payouts.md';
const TEXT =
  '# Payout retries\n\nThe gyroscope drifts.\n\n## Credentials & Secrets\n\nthe key is marmalade\n';

const runIn = (machine: 'a' | 'b', ...args: string[]): Promise<Ended> =>
  runBuilt('cli.js', args, { cwd: root, env: { SESSION_LOG_HOME: join(root, machine) } });
const expectDone = async (machine: 'a' | 'b', ...args: string[]): Promise<Ended> => {
  const ended = await runIn(machine, ...args);
  expect(ended, args.join(' ')).toMatchObject({ code: 0 });
  return ended;
};
const search = async (machine: 'a' | 'b', word: string): Promise<SearchAnswer> =>
  envelopeOf(await expectDone(machine, 'search', word, '--json')).value as SearchAnswer;

const factsOf = (machine: string): MachineFacts => ({
  parts: [{ key: 'hw_uuid', value: `hardware-${machine}` }],
  problems: [],
  hostname: `harbor-${machine}`,
  platform: 'Linux',
  platformVersion: '6.1',
  model: 'test',
});

afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeAll(async () => {
  for (const machine of ['a', 'b'] as const) {
    mkdirSync(join(root, machine, 'session-logs'), { recursive: true });
    // Both folders lie on one machine; each plays another.
    writeFileSync(join(root, machine, 'demo-machine.json'), formatPlayedMachine(factsOf(machine)));
  }
  writeFileSync(join(root, 'a', 'session-logs', LOG), TEXT);
  for (const machine of ['a', 'b'] as const)
    await expectDone(machine, 'config', 'set', '--create', 'store.url', `file://${store}`);
  await expectDone('a', 'sync', '--push');
});

describe('a machine that has pulled no log', () => {
  it('finds after a pull of the index what stands only in another machine’s log, but for its secrets', async () => {
    expect((await search('b', 'gyroscope')).hits).toEqual([]);
    await expectDone('b', 'sync', '--index');
    const { hits } = await search('b', 'gyroscope');
    expect(hits).toMatchObject([{ path: LOG, title: 'Payout retries', pulled: false, line: 3, rung: 'all' }]);
    expect(hits[0]?.snippets[0]?.text).toBe('The gyroscope drifts.');
    expect((await search('b', 'marmalade')).hits).toEqual([]);
  });

  it('finds it without the store as well, and show says that the log is not pulled', async () => {
    renameSync(store, `${store}-away`);
    const [hit] = (await search('b', 'gyroscope')).hits;
    expect((await runIn('b', 'search', 'gyroscope')).out).toContain('[not pulled]');
    const shown = await runIn('b', 'show', hit?.id ?? '', '--json');
    expect(envelopeOf(shown)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(envelopeOf(shown).error?.remedy).toContain('--pull');
    renameSync(`${store}-away`, store);
  });

  it('reads the log once it is pulled, and finds it in the cache from then on', async () => {
    const [hit] = (await search('b', 'gyroscope')).hits;
    const shown = await expectDone('b', 'show', '--pull', hit?.id ?? '');
    expect(shown.out).toContain('The gyroscope drifts.');
    expect((await search('b', 'gyroscope')).hits).toMatchObject([{ path: LOG, pulled: true }]);
  });

  it('keeps nothing of the team once search of it is off', async () => {
    writeFileSync(join(root, 'a', 'session-logs', '2026-06-06-ana-map.md'), '# Map\n\nAn astrolabe.\n');
    await expectDone('a', 'sync', '--push');
    await expectDone('b', 'config', 'set', 'search.team', 'off');
    await expectDone('b', 'sync', '--index');
    expect((await search('b', 'astrolabe')).hits).toEqual([]);
    await expectDone('b', 'config', 'set', 'search.team', 'all');
    await expectDone('b', 'sync', '--index');
    expect((await search('b', 'astrolabe')).hits).toMatchObject([{ pulled: false }]);
  });
});
