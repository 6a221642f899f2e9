import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { err, unwrap } from '../../../../shared/result.ts';
import type { ParsedInput } from '../../../../shared/ipc/contract.ts';
import type { SearchFound } from '../../../../shared/ipc/searching.ts';
import { createRoomWorld, openRooms } from '../../../testing/room-world.ts';
import { logToIndex } from '../../../testing/search-fixture.ts';
import { testUuid } from '../../../testing/sync-world.ts';
import type { Caller } from '../app-service.ts';
import { createKeptSearches } from './kept-searches.ts';
import { NO_PROGRESS } from './search-upkeep.ts';
import { createSearchService } from './search-service.ts';

const WINDOW: Caller = { kind: 'window', id: '1' };

async function world() {
  const room = createRoomWorld();
  const { present } = await openRooms(room);
  const asked: string[] = [];
  const upkeep = {
    now: { ...NO_PROGRESS, waiting: 7 },
    setRunning: (run: boolean) => void asked.push(`run ${run}`),
    stop: async () => undefined,
  };
  const path = `${room.paths.state}/searches.json`;
  const kept = createKeptSearches(room.files, path, room.parts.logger);
  const service = createSearchService({ present, upkeep, kept });
  const find = async (text: string, more: Partial<ParsedInput<'search.find'>> = {}): Promise<SearchFound> =>
    unwrap(await service.find({ box: 'list', text, ...more }, WINDOW));
  const put = async (path: string, text: string, more = {}): Promise<void> => {
    unwrap(await room.search.put([logToIndex(path, text, { origin: 'pack', ...more })]));
  };
  return { room, service, find, put, asked, path };
}

describe('a search of a page', () => {
  it('gives hits with their lines, and how many logs are not read in yet', async () => {
    const { find, put } = await world();
    await put('2026-01-05-ana-x.md', '# Drift\n\n## Pending\n\nThe gyroscope drifts.\n', {
      machine: testUuid('b'),
    });
    const found = await find('gyroscope');
    expect(found).toMatchObject({ asked: 'gyroscope', waiting: 7, total: { count: 1 }, next: null });
    expect(found.hits).toMatchObject([
      { title: 'Drift', section: 'Pending', line: 5, readLine: 5, pulled: false },
    ]);
    expect(found.hits[0]?.snippets[0]?.marks).toEqual([[4, 13]]);
  });

  it('narrows by where a log is, and says then that the count is only a bound', async () => {
    const { find, put } = await world();
    await put('2026-01-05-ana-x.md', '# A\n\nword\n');
    await put('2026-01-06-ana-y.md', '# B\n\nword\n', { origin: 'cached' });
    expect((await find('word', { places: ['store'] })).hits.map(({ path }) => path)).toEqual([
      '2026-01-05-ana-x.md',
    ]);
    expect((await find('word', { places: ['cached'] })).total.atLeast).toBe(true);
    expect((await find('word')).total).toEqual({ count: 2, atLeast: false });
  });

  it('counts a word that is still being typed as its beginning, where it is found nowhere', async () => {
    const { room, find, put } = await world();
    await put('2026-01-05-ana-x.md', '# A\n\nword\n');
    const asked: string[] = [];
    const ask = room.search.find.bind(room.search);
    room.search.find = async (question, options) => {
      const [word] = question.question.groups[0] ?? [];
      asked.push(word?.text ?? '');
      return ask(question, options);
    };
    await find('gyr', { typing: true });
    await find('word', { typing: true });
    await find('"gyr', { typing: true });
    await find('gy', { typing: true });
    await find('gyr');
    expect(asked).toEqual(['gyr', 'gyr*', 'word', 'gyr', 'gy', 'gyr']);
  });

  it('ends the older question of the same box, and no other', async () => {
    const { room, service } = await world();
    const signals: AbortSignal[] = [];
    room.search.find = async (_question, { signal } = {}) => {
      if (signal !== undefined) signals.push(signal);
      await room.clock.sleep(1_000);
      return err(appError('cancelled', 'Stopped.', 'Ask again.'));
    };
    const ask = (text: string, box: 'list' | 'palette', caller = WINDOW) =>
      service.find({ box, text }, caller);
    const all = [ask('a', 'list'), ask('b', 'palette'), ask('c', 'list', { kind: 'window', id: '2' })];
    all.push(ask('d', 'list'), service.find({ box: 'list', text: 'd', cursor: 'r20' }, WINDOW));
    await room.pass(2_000);
    await Promise.all(all);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false, false, false]);
  });

  it('says what is searched and what the texts of the team take', async () => {
    const { service, put } = await world();
    await put('2026-01-05-ana-x.md', '# A\n\nword\n');
    expect(unwrap(await service.status())).toMatchObject({
      logs: 1,
      waiting: 7,
      keptBytes: 10,
      team: { setting: '24', machines: 0, logs: 0, bytes: 0 },
    });
  });

  it('goes on and stops as a person wants', async () => {
    const { service, asked } = await world();
    await service.build({ run: false });
    await service.build({ run: true });
    expect(asked).toEqual(['run false', 'run true']);
  });
});

describe('searches that are kept', () => {
  it('stay over a restart, and only the named list is replaced', async () => {
    const { service, room, path } = await world();
    expect(unwrap(await service.kept())).toEqual({ recent: [], saved: [] });
    await service.keep({ saved: [{ name: 'Mine', query: 'q=is%3Amine' }] });
    unwrap(await service.keep({ recent: ['q=retry'] }));
    const again = createKeptSearches(room.files, path, room.parts.logger);
    expect(unwrap(await again.read())).toEqual({
      recent: ['q=retry'],
      saved: [{ name: 'Mine', query: 'q=is%3Amine' }],
    });
  });

  it('begin anew beside a damaged file, which is kept', async () => {
    const { service, room, path } = await world();
    room.files.put(path, '{');
    expect(unwrap(await service.kept())).toEqual({ recent: [], saved: [] });
    expect(room.logged.join('\n')).toContain('searches.json');
  });
});
