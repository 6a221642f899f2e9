import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import type { LogPath } from '../../../../shared/domain/ids.ts';
import { searchIndexContract } from '../../../testing/contracts/search-index-contract.ts';
import { ask, found, logToIndex, newSearch } from '../../../testing/search-fixture.ts';
import { testUuid } from '../../../testing/sync-world.ts';

const A = testUuid('a');

searchIndexContract('SQLite', () => newSearch());

describe('the ladder', () => {
  it('gives phrases first, then words close together, all words, other forms, most of the words', async () => {
    const index = newSearch();
    unwrap(
      await index.put([
        logToIndex('most.md', 'The retry stood alone beside a ledger of nothing.'),
        logToIndex('forms.md', 'It retries every queue and imports what ledgers hold.'),
        logToIndex(
          'all.md',
          `Retry it. ${'filler '.repeat(40)} The queue was long. ${'filler '.repeat(40)} A ledger import.`,
        ),
        logToIndex('near.md', 'The import of a ledger queue needs another retry.'),
        logToIndex('phrase.md', 'About the retry queue ledger import.'),
      ]),
    );
    const { rows } = await ask(index, 'retry queue ledger import');
    expect(rows.map(({ path, rung }) => [path, rung])).toEqual([
      ['phrase.md', 'phrase'],
      ['near.md', 'near'],
      ['all.md', 'all'],
      ['forms.md', 'similar'],
      ['most.md', 'most'],
    ]);
  });

  it('answers a question in plain words that no log has all of', async () => {
    const index = newSearch();
    unwrap(
      await index.put([
        logToIndex('a.md', 'The payout worker waits.'),
        logToIndex('b.md', 'Tiles of the map.'),
      ]),
    );
    expect(await found(index, 'why did the payout worker stop reconnecting yesterday')).toEqual([
      'a.md',
      'b.md',
    ]);
  });

  it('puts the newer of two equal logs first, and leaves a much better old one where it is', async () => {
    const index = newSearch();
    unwrap(
      await index.put([
        logToIndex('2020-01-01-ana-x.md', 'ledger ledger ledger ledger'),
        logToIndex('2025-01-01-ana-y.md', 'ledger and much else that nobody asked for, at some length'),
        logToIndex('2026-01-01-ana-y.md', 'ledger and much else that nobody asked for, at some length'),
      ]),
    );
    expect(await found(index, 'ledger')).toEqual([
      '2020-01-01-ana-x.md',
      '2026-01-01-ana-y.md',
      '2025-01-01-ana-y.md',
    ]);
  });

  it('holds a day of the future back, which a wrong clock has made', async () => {
    const index = newSearch();
    unwrap(await index.put([logToIndex('2049-01-01-ana-x.md', 'ledger')]));
    const [row] = (await ask(index, 'ledger')).rows;
    expect(row?.day.slice(0, 2)).toBe('20');
    expect((row?.day ?? '') < '2049').toBe(true);
  });
});

describe('fields', () => {
  it('narrow by machine, person, project, day, mark, and by what a log must not have', async () => {
    const index = newSearch();
    const log = (path: string, user: string, more: object = {}) =>
      logToIndex(path, `# T\n\n## User\n\n- **User:** ${user}\n\nledger\n`, more);
    unwrap(
      await index.put([
        log('projects/atlas/session-logs/2026-01-05-ana-a.md', 'Ana Ruiz (ana)'),
        log('projects/harbor-map/session-logs/2026-02-05-ben-b.md', 'Ben Oduya (ben)', {
          machine: testUuid('b'),
          host: 'Quay-2',
        }),
        logToIndex('captured/claude-code/x/2026-01-02-ana-c.md', '# C\n\ntides\n'),
        logToIndex(
          '2026-03-01-x.md',
          '# T\n\nledger\n\n## Note for Ben\n\nPlease look.\n\n## Pending\n\n- roll out\n',
        ),
      ]),
    );
    const count = async (typed: string): Promise<number> => (await found(index, typed)).length;
    expect(await count('ledger')).toBe(3);
    expect(await count('ledger user:ana')).toBe(1);
    expect(await count('ledger user:"Ana Ruiz"')).toBe(1);
    expect(await count('user:ana OR user:ben')).toBe(2);
    expect(await count('ledger -user:ana')).toBe(2);
    expect(await count('machine:quay-2')).toBe(1);
    expect(await count('machine:bbbbbbbb')).toBe(1);
    expect(await count('project:harbor*')).toBe(1);
    expect(await count('ledger date:2026-02')).toBe(1);
    expect(await count('after:2026-01-05 before:2026-03-01')).toBe(1);
    expect(await count('has:note')).toBe(1);
    expect(await count('has:pending ledger')).toBe(1);
    expect(await count('is:mine')).toBe(1);
    expect(await count('is:pulled')).toBe(4);
    expect(await count('is:captured')).toBe(1);
    expect(await count('ledger -is:captured')).toBe(3);
    expect(await count('date:2026-02 -ledger')).toBe(0);
    expect(await count('date:2026-02 -tiles')).toBe(1);
  });
});

describe('what is put in', () => {
  it('is a row for each session of a daily log, and one for what stands beside them', async () => {
    const index = newSearch();
    const entry = (id: string, text: string): string =>
      `## 2026-06-05T09:00:00.000Z - Session Entry\n\n**Session ID:** ${id}\n**Focus:** ${text}\n\n${text}\n\n`;
    const text = `# Day\n\nweather\n\n${entry('s-1', 'retries')}${entry('s-2', 'tiles')}${entry('s-1', 'again')}`;
    unwrap(await index.put([logToIndex('SESSION-LOG-2026-06-05.md', text)]));
    const log = 'SESSION-LOG-2026-06-05.md';
    expect(await found(index, 'retries')).toEqual([`${log}#s-1`]);
    expect(await found(index, 'again')).toEqual([`${log}#s-1`]);
    expect(await found(index, 'tiles')).toEqual([`${log}#s-2`]);
    expect(await found(index, 'weather')).toEqual([log]);
  });

  it('leaves out what stands under Credentials & Secrets, but for its heading, unless it is an own log and asked for', async () => {
    const text =
      '# T\n\n## Credentials & Secrets\n\nhunter2\n\n### Database\n\nswordfish\n\n## Pending\n\nroll out\n';
    const index = newSearch();
    unwrap(await index.put([logToIndex('a.md', text)]));
    expect(await found(index, 'hunter2')).toEqual([]);
    expect(await found(index, 'swordfish')).toEqual([]);
    expect(await found(index, 'credentials')).toEqual(['a.md']);
    expect(await found(index, 'roll')).toEqual(['a.md']);
    unwrap(await index.put([logToIndex('a.md', text, { credentials: true, sha256: 'other' })]));
    expect(await found(index, 'swordfish')).toEqual(['a.md']);
  });

  it('leaves them out behind a code fence that is never closed, and behind more headings than are read', async () => {
    const index = newSearch();
    const open = '# T\n\n```sh\nls\n\n## Credentials & Secrets\n\nhunter2\n';
    const many = `${'## h\n'.repeat(20_001)}\n## Credentials\n\nswordfish\n`;
    unwrap(await index.put([logToIndex('a.md', open), logToIndex('b.md', many)]));
    expect(await found(index, 'hunter2')).toEqual([]);
    expect(await found(index, 'swordfish')).toEqual([]);
  });

  it('takes the place of what was there, and is gone when it is removed', async () => {
    const index = newSearch();
    unwrap(await index.put([logToIndex('a.md', 'ledger')]));
    unwrap(await index.put([logToIndex('a.md', 'queue')]));
    expect([await found(index, 'ledger'), await found(index, 'queue')]).toEqual([[], ['a.md']]);
    expect(unwrap(await index.facts())).toMatchObject({ logs: 1, rows: 1, textBytes: 5 });
    unwrap(
      await index.remove([
        { machine: A, path: 'a.md' as LogPath },
        { machine: A, path: 'none.md' as LogPath },
      ]),
    );
    expect(await found(index, 'queue')).toEqual([]);
    unwrap(await index.put([logToIndex('b.md', 'tiles')]));
    unwrap(await index.remove(unwrap(await index.known(A))));
    expect(unwrap(await index.facts())).toMatchObject({ logs: 0, rows: 0, textBytes: 0 });
    expect(unwrap(await index.known())).toEqual([]);
  });

  it('keeps the text of a pack, gives it back, and never puts it in the place of the same log\u2019s file', async () => {
    const index = newSearch();
    const text = `# Packed\n\n${'The ledger waits for the queue. '.repeat(200)}`;
    const key = { machine: testUuid('b'), path: 'a.md' as LogPath };
    unwrap(await index.put([logToIndex('a.md', text, { ...key, origin: 'pack', sha256: 'x' })]));
    expect(unwrap(await index.keptTexts([key, { ...key, path: 'no.md' as LogPath }]))).toEqual([text, null]);
    expect(unwrap(await index.facts()).keptBytes).toBeLessThan(text.length * 0.35);
    expect(await found(index, 'is:pulled ledger')).toEqual([]);
    unwrap(await index.put([logToIndex('a.md', text, { ...key, origin: 'cached', sha256: 'x' })]));
    unwrap(await index.put([logToIndex('a.md', text, { ...key, origin: 'pack', sha256: 'x' })]));
    expect(unwrap(await index.known())).toMatchObject([{ origin: 'cached' }]);
    expect(unwrap(await index.facts()).keptBytes).toBe(0);
  });

  it('is bounded: long words, broken UTF-8, zeros, a million headings, forty megabytes of one log', async () => {
    const index = newSearch();
    const broken = new Uint8Array([
      0x6c, 0x65, 0x64, 0xff, 0xfe, 0x20, 0x74, 0x69, 0x6c, 0x65, 0x73, 0x00, 0x0a,
    ]);
    unwrap(
      await index.put([
        logToIndex('broken.md', '', { text: broken }),
        logToIndex('headings.md', '# h tiles\n'.repeat(1_000_000)),
        logToIndex('large.md', '', { text: new Uint8Array(40_000_000).fill(0x61) }),
        logToIndex('half.md', `tiles \ud800 ${'k'.repeat(10_000)}`),
      ]),
    );
    expect([...(await found(index, 'tiles'))].sort()).toEqual(['broken.md', 'half.md', 'headings.md']);
    expect(await found(index, 'k'.repeat(300))).toEqual(['half.md']);
    expect(unwrap(await index.facts()).textBytes).toBeLessThan(30_000_000);
  });
});

describe('hostile questions', () => {
  it('never fail and never find everything: SQL, FTS5, patterns, every beginning of every operator, signs, a flood', async () => {
    const index = newSearch();
    unwrap(await index.put([logToIndex('first.md', 'ledger'), logToIndex('second.md', 'queue')]));
    const operators = [
      'user:"ana',
      'before:2026-01-01',
      'machine:x*',
      'file:"P"',
      'NEAR(a b, 2)',
      'title:x',
      '{a} : b',
    ];
    const typed = [
      `'; drop table docs; --`,
      'a" OR 1=1 --',
      '(((',
      ')',
      '^',
      'AND',
      'NOT',
      'a AND',
      '"',
      '""',
      '*',
      'a**',
      '.*',
      '[a-z]+',
      '\\d+\\',
      '\0',
      '\u{1f642}\u{1f680}',
      'x '.repeat(50_000),
      '\ue000uana',
      ...operators.flatMap((one) => Array.from({ length: one.length }, (_, at) => one.slice(0, at + 1))),
    ];
    for (const one of typed)
      expect([one.slice(0, 40), (await ask(index, one)).rows.length < 2]).toEqual([one.slice(0, 40), true]);
    expect((await ask(index, '\u{1f642}')).explanations.join()).toContain('no word');
    expect((await ask(index, '-ledger')).explanations.join()).toContain('alone find nothing');
  });

  it('never fail, whatever is put together', async () => {
    const index = newSearch();
    unwrap(await index.put([logToIndex('a.md', 'ledger retry queue')]));
    const piece = fc.constantFrom(
      '"',
      '-',
      'user:',
      'x',
      'ledger',
      ' ',
      ' ',
      '*',
      'OR',
      '(',
      'NEAR',
      '^',
      'is:mine',
      'date:2026',
      ':',
      'file:',
      '再',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
        await ask(index, pieces.join(''));
      }),
      { numRuns: 200 },
    );
  });

  it('are stopped when nobody waits any more', async () => {
    const index = newSearch();
    const stop = new AbortController();
    stop.abort();
    const question = {
      question: { groups: [], without: [], filters: [], from: null, to: null, explanations: [] },
      me: { names: [], machine: A },
      offset: 0,
      limit: 1,
    };
    expect(await index.find(question, { signal: stop.signal })).toMatchObject({
      ok: false,
      error: { code: 'cancelled' },
    });
  });
});

describe('very many matches', () => {
  it('are ranked by the newest, with older titles among them, and it is said', async () => {
    const index = newSearch();
    const logs = Array.from({ length: 2_300 }, (_, at) => {
      const day = new Date(Date.UTC(2025, 0, 1) + Math.floor(at / 10) * 86_400_000)
        .toISOString()
        .slice(0, 10);
      return logToIndex(`${day}-ana-${at}.md`, at === 3 ? '# Ledger\n\nledger' : 'the ledger again');
    });
    unwrap(await index.put(logs));
    const answer = await ask(index, 'ledger', 1);
    expect(answer).toMatchObject({ complete: false, atLeast: true, more: true });
    expect(answer.rows[0]?.path).toBe('2025-01-01-ana-3.md');
    expect(answer.explanations.join()).toContain('only the newest');
    const pages = [
      await ask(index, 'again date:2025-02', 100),
      await ask(index, 'again date:2025-02', 100, 100),
    ];
    expect(new Set(pages.flatMap(({ rows }) => rows.map(({ path }) => path))).size).toBe(200);
  });

  it('of the beginning of a word: the word itself first, then titles, and every page has others', async () => {
    const index = newSearch();
    const logs = Array.from({ length: 2_300 }, (_, at) => {
      const day = new Date(Date.UTC(2025, 0, 1) + Math.floor(at / 10) * 86_400_000);
      const text = at === 7 ? 'a ledge' : at < 250 ? '# Ledgers\n\nof a day' : 'the ledger again';
      return logToIndex(`${day.toISOString().slice(0, 10)}-ana-${at}.md`, text);
    });
    unwrap(await index.put(logs));
    const pages = [
      await ask(index, 'ledge*', 100),
      await ask(index, 'ledge*', 100, 100),
      await ask(index, 'ledge*', 100, 200),
    ];
    for (const page of pages) expect(page).toMatchObject({ complete: false, atLeast: true, more: true });
    const paths = pages.flatMap(({ rows }) => rows.map(({ path }) => path));
    expect(paths.slice(0, 2)).toEqual(['2025-01-01-ana-7.md', '2025-01-25-ana-240.md']);
    expect(new Set(paths).size).toBe(300);
  });

  it('of every word but one that no log has: the best of the newest answer, and the words that are there are marked', async () => {
    const index = newSearch();
    const many = 'the ledger again '.repeat(160);
    const logs = Array.from({ length: 1_100 }, (_, at) => {
      const day = new Date(Date.UTC(2022, 0, 1) + at * 86_400_000).toISOString().slice(0, 10);
      return logToIndex(`${day}-ana-${at}.md`, many);
    });
    unwrap(await index.put(logs));
    const answer = await ask(index, 'why the ledger again', 5);
    expect(answer).toMatchObject({ complete: false, more: true });
    expect(answer.rows.map(({ rung }) => rung)).toEqual(['most', 'most', 'most', 'most', 'most']);
    expect(answer.rows[0]?.path).toBe(logs.at(-1)?.path);
    expect([...answer.words].sort()).toEqual(['again', 'ledger']);
  });
});

describe('a day with more logs than its row numbers', () => {
  it('has all of them found by day and by word, replaced and taken out, like those of any other day', async () => {
    const index = newSearch();
    const crowd = (word: string) =>
      Array.from({ length: 1_300 }, (_, at) =>
        logToIndex(`2025-03-04-ana-${at}.md`, at === 1_299 ? `the last ${word}` : `a ${word}`),
      );
    const others = ['2025-03-03', '2025-03-05'].map((day) => logToIndex(`${day}-ana-0.md`, 'a ledger'));
    unwrap(await index.put(crowd('ledger')));
    unwrap(await index.put(others));
    expect(await ask(index, 'ledger date:2025-03-04', 1)).toMatchObject({ count: 1_300, complete: true });
    expect(await ask(index, 'date:2025-03-04', 1)).toMatchObject({ count: 1_300 });
    expect(await ask(index, 'ledger before:2025-03-04')).toMatchObject({ count: 1 });
    expect(await ask(index, 'ledger after:2025-03-04')).toMatchObject({ count: 1 });
    expect((await ask(index, 'last')).rows).toMatchObject([
      { path: '2025-03-04-ana-1299.md', day: '2025-03-04' },
    ]);
    const changed = crowd('journal').map((log) => ({ ...log, sha256: 'f'.repeat(64) }));
    unwrap(await index.put(changed));
    expect(await ask(index, 'journal', 1)).toMatchObject({ count: 1_300 });
    expect(await ask(index, 'ledger')).toMatchObject({ count: 2 });
    unwrap(await index.remove(changed));
    expect(await ask(index, 'journal')).toMatchObject({ count: 0 });
    expect(unwrap(await index.facts())).toMatchObject({ logs: 2, rows: 2 });
  });
});
