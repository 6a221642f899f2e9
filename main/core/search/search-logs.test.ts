import { existsSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SearchAnswer } from '../../../shared/domain/search-answer.ts';
import { formatMark } from '../../../shared/domain/session-mark.ts';
import { ok, unwrap } from '../../../shared/result.ts';
import { newSearch } from '../../testing/search-fixture.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { pullIndex } from '../sync/pull-index.ts';
import { pullLogs } from '../sync/pull-logs.ts';
import { push } from '../sync/push.ts';
import { INDEXED_BYTES } from '../ports/search-index.ts';
import { refreshLocal } from '../workflows/refresh-local.ts';
import type { SearchDeps } from './search-deps.ts';
import { searchLogs, type SearchRequest } from './search-logs.ts';
import { sweepTexts, type SweepReport } from './sweep.ts';

const DAILY = 'SESSION-LOG-2026-06-05.md';

let world: TestWorld;
let a: TestMachine;
let b: TestMachine;

beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
  b = world.machine('b');
});
afterEach(() => world.end());

function depsOf(machine: TestMachine, credentials = false): SearchDeps {
  return { sync: machine.deps, search: newSearch(), me: () => ['ana'], ownCredentials: () => credentials };
}

async function sweep(deps: SearchDeps, machine: TestMachine): Promise<SweepReport> {
  unwrap(await refreshLocal(machine.deps));
  return unwrap(await sweepTexts(deps));
}

async function search(
  deps: SearchDeps,
  text: string,
  more: Partial<SearchRequest> = {},
): Promise<SearchAnswer> {
  return unwrap(await searchLogs(deps, { text, ...more }));
}

function entry(id: string, words: string): string {
  return `## 2026-06-05T09:00:00.000Z - Session Entry\n\n**Session ID:** ${id}\n**Focus:** ${words}\n\nAbout ${words}.\n\n`;
}

describe('a sweep', () => {
  it('reads in what is new, nothing twice, and takes out what was deleted', async () => {
    const deps = depsOf(a);
    await a.write('2026-06-05-ana-x.md', '# Ledger\n\nretry\n');
    await a.write(DAILY, entry('s-1', 'tiles'));
    expect(await sweep(deps, a)).toEqual({ added: 2, removed: 0, waiting: 0 });
    expect(await sweep(deps, a)).toEqual({ added: 0, removed: 0, waiting: 0 });
    rmSync(join(a.paths.sessionLogs, DAILY));
    await a.write('2026-06-05-ana-x.md', '# Ledger\n\nqueue\n');
    expect(await sweep(deps, a)).toMatchObject({ added: 1, removed: 1 });
    expect((await search(deps, 'tiles')).hits).toEqual([]);
    expect((await search(deps, 'queue')).hits).toHaveLength(1);
  });

  it('stops in its time and says what waits, and when it is told to', async () => {
    const deps = depsOf(a);
    for (const name of ['x', 'y', 'z']) await a.write(`2026-06-05-ana-${name}.md`, `# ${name}\n`);
    unwrap(await refreshLocal(a.deps));
    expect(unwrap(await sweepTexts(deps, { withinMs: -1 }))).toEqual({ added: 0, removed: 0, waiting: 3 });
    expect(unwrap(await sweepTexts(deps, { signal: AbortSignal.abort() }))).toMatchObject({ waiting: 3 });
    expect(unwrap(await sweepTexts(deps))).toMatchObject({ added: 3, waiting: 0 });
  });

  it('reads in what changed last however long it took to find that out', async () => {
    const deps = depsOf(a);
    await a.write('2026-06-05-ana-x.md', '# x\n');
    unwrap(await refreshLocal(a.deps));
    let now = 0;
    const slow = {
      ...deps,
      search: { ...deps.search, known: async () => ((now += 60_000), ok([])) },
      sync: { ...deps.sync, clock: { ...deps.sync.clock, now: () => now } },
    };
    expect(unwrap(await sweepTexts(slow, { withinMs: 250 }))).toEqual({ added: 1, removed: 0, waiting: 0 });
  });

  it('compares nothing while the index is as the last one left it, and continues where it stopped', async () => {
    const index = newSearch();
    let compared = 0;
    const known: typeof index.known = (machine) => (compared++, index.known(machine));
    const deps = { ...depsOf(a), search: { ...index, known } };
    await a.write('2026-06-05-ana-x.md', '# Ledger\n\nretry\n');
    unwrap(await refreshLocal(a.deps));
    unwrap(await sweepTexts(deps, { withinMs: -1 }));
    expect(unwrap(await sweepTexts(deps))).toMatchObject({ added: 1 });
    expect(compared).toBe(2);
    expect(await sweep(deps, a)).toEqual({ added: 0, removed: 0, waiting: 0 });
    expect(compared).toBe(2);
    await a.write('2026-06-06-ana-x.md', '# Tiles\n');
    expect(await sweep(deps, a)).toMatchObject({ added: 1 });
    expect(compared).toBe(3);
  });

  it('reads nothing of a picture that is called a log', async () => {
    const deps = depsOf(a);
    await a.write(
      '2026-06-05-ana-x.md',
      new Uint8Array([0x50, ...Array.from({ length: 60 }, () => 0), 0x74, 0x69]),
    );
    expect(await sweep(deps, a)).toMatchObject({ added: 1 });
    expect(unwrap(await deps.search.facts()).textBytes).toBe(0);
  });

  it('reads the beginning of a log of 200 MB, and no more of it', async () => {
    const deps = depsOf(a);
    await a.write('2026-06-05-ana-x.md', `# Large\n\n${'the tiles are here\n'.repeat(1_000)}`);
    unwrap(await refreshLocal(a.deps));
    truncateSync(join(a.paths.sessionLogs, '2026-06-05-ana-x.md'), 200_000_000);
    const read = vi.spyOn(a.deps.files, 'readHead');
    expect(unwrap(await sweepTexts(deps))).toMatchObject({ added: 1 });
    expect(read.mock.calls.map(([, length]) => length)).toEqual([INDEXED_BYTES]);
    expect((await search(deps, 'tiles')).hits).toMatchObject([{ title: 'Large' }]);
  });

  it('finds cached logs of others once they are pulled', async () => {
    await b.write('2026-06-05-ben-x.md', '# Harbor\n\nThe crane stands still.\n');
    unwrap(await push(b.deps));
    unwrap(await pullIndex(a.deps));
    const deps = depsOf(a);
    await sweep(deps, a);
    expect((await search(deps, 'crane')).hits).toEqual([]);
    unwrap(await pullLogs(a.deps, {}));
    await sweep(deps, a);
    expect((await search(deps, 'crane')).hits).toMatchObject([{ host: 'host-b', pulled: true, line: 3 }]);
  });

  it('search.credentials: own makes what stands under Credentials & Secrets of own logs findable, never hides it again', async () => {
    await a.write('2026-06-05-ana-x.md', '# T\n\n## Credentials & Secrets\n\nhunter2 of the gate\n');
    const search2 = newSearch();
    const never = { ...depsOf(a), search: search2 };
    const own = { ...depsOf(a, true), search: search2 };
    await sweep(never, a);
    expect((await search(never, 'hunter2')).hits).toEqual([]);
    await sweep(own, a);
    expect((await search(own, 'hunter2')).hits[0]?.snippets[0]?.text).toContain('hunter2');
    await sweep(never, a);
    expect((await search(never, 'hunter2')).hits).toEqual([]);
  });
});

describe('a hit', () => {
  it('shows the lines with the words marked, their section, and opens at the session of a daily log', async () => {
    const deps = depsOf(a);
    await a.write(
      DAILY,
      `${entry('s-1', 'tiles')}### Pending\n\n- roll out the \`ifGenerationMatch\` check\n\n${entry('s-2', 'maps')}`,
    );
    await sweep(deps, a);
    const [hit] = (await search(deps, 'generation')).hits;
    expect(hit).toMatchObject({
      id: `${a.deps.self.uuid}/${DAILY}#s-1`,
      part: 's-1',
      section: 'Pending',
      line: 10,
      readLine: 10,
    });
    const { text = '', marks = [] } = hit?.snippets[0] ?? {};
    expect(marks.map(([start, end]) => text.slice(start, end))).toEqual(['Generation']);
  });

  it('names its line as the session’s text has it, wherever the session stands in its log', async () => {
    const deps = depsOf(a);
    await a.write(DAILY, entry('s-1', 'maps') + entry('s-2', 'tiles') + entry('s-1', 'maps again'));
    await sweep(deps, a);
    const [second] = (await search(deps, 'tiles')).hits;
    expect(second).toMatchObject({ line: 11, readLine: 4 });
    const [again] = (await search(deps, '"about maps again"')).hits;
    expect(again).toMatchObject({ line: 18, readLine: 11 });
  });

  it('leaves the title out where another line has a word', async () => {
    const deps = depsOf(a);
    await a.write('2026-06-05-ana-x.md', '# The ledger at night\n\nThe ledger is slow.\n');
    await a.write('2026-06-05-ana-y.md', '# A crane at night\n\nNothing else.\n');
    await sweep(deps, a);
    const linesOf = async (text: string) =>
      (await search(deps, text)).hits[0]?.snippets.map((snippet) => snippet.text);
    expect(await linesOf('ledger night')).toEqual(['The ledger is slow.']);
    expect(await linesOf('crane')).toEqual(['# A crane at night']);
  });

  it('cuts a long line where the words stand together', async () => {
    const deps = depsOf(a);
    const far = 'The crane was moved and nothing else was said of it. '.repeat(8);
    await a.write('2026-06-05-ana-x.md', `# Day\n\n${far}The backup failed at night. ${far}`);
    await sweep(deps, a);
    const [hit] = (await search(deps, 'crane backup failed night')).hits;
    expect(hit?.snippets[0]?.text).toContain('The backup failed at night.');
  });

  it('folds the other sessions of its log under it', async () => {
    const deps = depsOf(a);
    await a.write(DAILY, entry('s-1', 'tiles') + entry('s-2', 'tiles') + entry('s-3', 'maps'));
    await sweep(deps, a);
    const { hits } = await search(deps, 'tiles');
    expect(hits).toHaveLength(1);
    expect(hits[0]?.more).toHaveLength(1);
  });

  it('is the log of a session rather than its part of a daily log, and both are one hit', async () => {
    const deps = depsOf(a);
    const mark = formatMark({ session: 's-1', saved: '2026-06-05T09:00:00+00:00', text: '0123456789abcdef' });
    await a.write(DAILY, entry('s-1', 'tiles tiles tiles'));
    await a.write(
      '2026-06-05-ana-maps.md',
      `# Maps\n\n${mark}\n\n## User\n\n- **User:** Ana (ana)\n\n${'Much else. '.repeat(200)}\n\nOne of tiles.\n`,
    );
    await sweep(deps, a);
    const { hits, total } = await search(deps, 'tiles');
    expect(hits.map(({ path, part }) => [path, part])).toEqual([['2026-06-05-ana-maps.md', null]]);
    expect(total).toEqual({ count: 1, atLeast: false });
  });

  it('has no lines when its log was deleted meanwhile', async () => {
    const deps = depsOf(a);
    await a.write('2026-06-05-ana-x.md', '# Ledger\n\nretry\n');
    await sweep(deps, a);
    rmSync(join(a.paths.sessionLogs, '2026-06-05-ana-x.md'));
    expect((await search(deps, 'retry')).hits).toMatchObject([{ snippets: [], title: 'Ledger' }]);
  });

  it('never shows what stands under Credentials & Secrets, though a word of it is elsewhere too', async () => {
    const deps = depsOf(a);
    await a.write('2026-06-05-ana-x.md', '# Gate\n\nThe gate opens.\n\n## Credentials\n\ngate hunter2\n');
    await sweep(deps, a);
    expect(JSON.stringify(await search(deps, 'gate', { snippets: 10 }))).not.toContain('hunter2');
  });
});

describe('a question', () => {
  it('may ask for a section: only logs with the words in it answer', async () => {
    const deps = depsOf(a);
    await a.write('2026-06-05-ana-x.md', '# X\n\nledger\n\n## Pending / Incomplete Tasks\n\n- tiles\n');
    await a.write('2026-06-05-ana-y.md', '# Y\n\ntiles\n\n## Pending\n\n- ledger import\n');
    await sweep(deps, a);
    const { hits } = await search(deps, 'section:"Pending" ledger');
    expect(hits.map(({ title }) => title)).toEqual(['Y']);
    expect(hits[0]?.snippets).toMatchObject([{ section: 'Pending' }]);
    expect((await search(deps, 'section:incomplete tiles')).hits).toHaveLength(1);
  });

  it('for a section takes in what stands below its own headings, and ends with it', async () => {
    const deps = depsOf(a);
    await a.write(
      '2026-06-05-ana-x.md',
      '# X\n\n## Pending\n\n### Backend\n\nroll out tiles\n\n## Reference Information\n\nledger\n\n### Pending calls\n\ncrane\n\n# End\n\nharbor\n',
    );
    await sweep(deps, a);
    expect((await search(deps, 'section:pending tiles')).hits).toMatchObject([
      { line: 7, snippets: [{ section: 'Backend' }] },
    ]);
    expect((await search(deps, 'section:pending ledger')).hits).toEqual([]);
    expect((await search(deps, 'section:pending crane')).hits).toHaveLength(1);
    expect((await search(deps, 'section:pending harbor')).hits).toEqual([]);
  });

  it('in quotation marks marks that word and no piece of a name', async () => {
    const deps = depsOf(a);
    await a.write('2026-06-05-ana-x.md', '# X\n\nifGenerationMatch of it\n\nThe if_generation of tiles\n');
    await sweep(deps, a);
    const [hit] = (await search(deps, '"generation"')).hits;
    expect(hit?.snippets.map(({ line }) => line)).toEqual([5]);
    expect((await search(deps, 'generation')).hits[0]?.snippets.map(({ line }) => line)).toEqual([3, 5]);
  });

  it.each<[string, Pick<SearchRequest, 'limit' | 'fits'>]>([
    ['of so many hits', { limit: 3 }],
    ['of what fits', { fits: () => 2 }],
  ])(
    'gives page after page %s, asking once for each hit, and refuses a page that is none',
    async (_name, how) => {
      let asked = 0;
      const plain = depsOf(a);
      const find: typeof plain.search.find = (...question) => {
        asked++;
        return plain.search.find(...question);
      };
      const deps = { ...plain, search: { ...plain.search, find } };
      for (let at = 0; at < 7; at++) await a.write(`2026-06-0${at + 1}-ana-x.md`, `# ${at}\n\nledger\n`);
      await sweep(deps, a);
      const titles: (string | null)[] = [];
      let cursor: string | null = 'r0';
      while (cursor !== null) {
        asked = 0;
        const page: SearchAnswer = await search(deps, 'ledger', { ...how, cursor });
        expect(asked).toBe(1);
        titles.push(...page.hits.map(({ title }) => title));
        cursor = page.next;
      }
      expect(new Set(titles)).toEqual(new Set(['0', '1', '2', '3', '4', '5', '6']));
      expect(titles).toHaveLength(7);
      expect(await searchLogs(deps, { text: 'x', cursor: '../..' })).toMatchObject({
        ok: false,
        error: { code: 'invalid-input' },
      });
      expect(existsSync(a.paths.sessionLogs)).toBe(true);
    },
  );
});
