/** Several processes share the full text, any of them may die, and the file may be anything. */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CalendarDate } from '../../../../shared/domain/ids.ts';
import { parseSearch } from '../../../../shared/domain/parse-search.ts';
import { unwrap } from '../../../../shared/result.ts';
import { found, logToIndex, newSearch, searchFile } from '../../../testing/search-fixture.ts';
import { openConnection } from '../sqlite-connection.ts';
import { createWorkerLink } from '../worker-link.ts';
import type { SearchCalls } from './search-calls.ts';
import { SEARCH_APPLICATION_ID, SEARCH_VERSION } from './search-schema.ts';
import { createSqliteSearchIndex } from './sqlite-search-index.ts';

const ENGINE = new URL('./sqlite-search-index.ts', import.meta.url).href;

/** Puts logs in, a transaction each, and says how many are in. */
function builder(file: string, first: number): ReturnType<typeof spawn> {
  const script = `
    import { createSqliteSearchIndex } from ${JSON.stringify(ENGINE)};
    const index = createSqliteSearchIndex({ file: ${JSON.stringify(file)}, thread: 'caller' });
    for (let at = ${first}; at < ${first + 40}; at++) {
      const put = await index.put([{ machine: 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', host: 'h', path: at + '.md', size: 1, mtime: 1,
        sha256: 'x', origin: 'own', text: 'ledger ' + 'filler '.repeat(2000) }]);
      if (!put.ok) throw new Error(JSON.stringify(put.error));
      console.log(at);
    }
    await index.close();`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

describe('the file', () => {
  it('is set aside and made anew when it is damaged, and the call is answered', async () => {
    const file = searchFile();
    const first = createSqliteSearchIndex({ file, thread: 'worker' });
    unwrap(await first.put([logToIndex('a.md', 'ledger')]));
    await first.close();
    writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, 100), Buffer.alloc(20_000, 7)]));
    const reasons: string[] = [];
    const index = newSearch(file, (reason) => reasons.push(reason));
    expect(await found(index, 'ledger')).toEqual([]);
    expect([reasons, existsSync(`${file}.damaged`)]).toEqual([['damaged'], true]);
    unwrap(await index.put([logToIndex('a.md', 'ledger')]));
    expect(await found(index, 'ledger')).toEqual(['a.md']);
  });

  it('gives back what is empty when everything is merged', async () => {
    const file = searchFile();
    const index = newSearch(file);
    const logs = Array.from({ length: 40 }, (_, at) =>
      logToIndex(`${at}.md`, Array.from({ length: 2_000 }, (__, word) => `w${at}x${word}`).join(' ')),
    );
    for (const log of logs) unwrap(await index.put([log]));
    unwrap(await index.remove(logs.slice(1)));
    const pages = (): readonly number[] => {
      const db = openConnection(file, 1_000);
      const counts = [db.number('pragma page_count'), db.number('pragma freelist_count')];
      db.close();
      return counts;
    };
    const [before = 0] = pages();
    while (unwrap(await index.optimise()));
    const [after = 0, empty = 0] = pages();
    expect(empty).toBe(0);
    expect(after).toBeLessThan(before / 2);
    expect(await found(index, 'w0x7')).toEqual(['0.md']);
  });

  it('is set aside when it is another program\u2019s, or no database at all', async () => {
    for (const make of [
      (file: string): void =>
        writeFileSync(file, 'just text, a good deal longer than the head of a database '.repeat(20)),
      (file: string): void => {
        const other = openConnection(file, 100);
        other.exec('create table theirs (x)');
        other.close();
      },
    ]) {
      const file = searchFile();
      mkdirSync(dirname(file), { recursive: true });
      make(file);
      const index = newSearch(file);
      unwrap(await index.put([logToIndex('a.md', 'ledger')]));
      expect([await found(index, 'ledger'), existsSync(`${file}.damaged`)]).toEqual([['a.md'], true]);
    }
  });

  it('of a newer version is left alone, and of an older one emptied', async () => {
    const file = searchFile();
    mkdirSync(dirname(file), { recursive: true });
    const other = openConnection(file, 100);
    other.exec(
      `create table x (y); pragma application_id = ${SEARCH_APPLICATION_ID}; pragma user_version = ${SEARCH_VERSION + 1}`,
    );
    const index = newSearch(file);
    expect(await index.known()).toMatchObject({ ok: false, error: { code: 'precondition' } });
    other.exec(`pragma user_version = ${SEARCH_VERSION - 1}`);
    other.close();
    expect(unwrap(await index.known())).toEqual([]);
  });

  it('may be a folder, and that is said', async () => {
    const file = searchFile();
    mkdirSync(file, { recursive: true });
    expect(await newSearch(file).known()).toMatchObject({ ok: false, error: { code: 'io' } });
  });
});

describe('several processes', () => {
  it('build one database together, and nothing is lost', async () => {
    const file = searchFile();
    const both = [builder(file, 0), builder(file, 20)];
    expect(await Promise.all(both.map(async (one) => (await once(one, 'exit'))[0] as number))).toEqual([
      0, 0,
    ]);
    const index = newSearch(file);
    expect(unwrap(await index.facts())).toMatchObject({ logs: 60, rows: 60 });
    expect(
      unwrap(
        await index.find({
          question: {
            groups: [[{ text: 'ledger', exact: false, prefix: false }]],
            without: [],
            filters: [],
            from: null,
            to: null,
            explanations: [],
          },
          me: { names: [], machine: 'x' as never },
          offset: 0,
          limit: 1,
        }),
      ).count,
    ).toBe(60);
  });

  it('may be killed in the middle: what was put in is there, the rest can be put in, and the tables agree', async () => {
    const file = searchFile();
    const one = builder(file, 0);
    let said = 0;
    one.stdout?.on('data', (text: Buffer) => {
      said += text.toString().split('\n').length - 1;
      if (said >= 5) one.kill('SIGKILL');
    });
    await once(one, 'exit');
    const index = newSearch(file);
    const { logs, rows } = unwrap(await index.facts());
    expect(logs).toBe(rows);
    expect(logs).toBeGreaterThanOrEqual(5);
    unwrap(await index.put([logToIndex('new.md', 'tiles')]));
    expect(await found(index, 'tiles')).toEqual(['new.md']);
    const tables = openConnection(file, 1_000);
    tables.run(`insert into texts (texts) values ('integrity-check')`);
    tables.close();
  });
});

describe('the worker', () => {
  it('answers as the calling thread does, stops a call that nobody waits for, and closes', async () => {
    const index = createSqliteSearchIndex({ file: searchFile(), thread: 'worker' });
    unwrap(
      await index.put(Array.from({ length: 50 }, (_, at) => logToIndex(`${at}.md`, `ledger number ${at}`))),
    );
    expect((await found(index, 'ledger')).length).toBe(50);
    unwrap(await index.building(true));
    unwrap(await index.building(false));
    while (unwrap(await index.optimise()));
    expect((await found(index, '"number 7"'))[0]).toBe('7.md');
    const stop = new AbortController();
    const question = {
      groups: [[{ text: 'ledger', exact: false, prefix: false }]],
      without: [],
      filters: [],
      from: null,
      to: null,
      explanations: [],
    };
    const call = index.find(
      { question, me: { names: [], machine: 'x' as never }, offset: 0, limit: 1 },
      { signal: stop.signal },
    );
    stop.abort();
    expect(await call).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    await index.close();
  });

  it('stops itself between two steps, and has time for the next call', async () => {
    const link = createWorkerLink<SearchCalls>({
      workerUrl: new URL('./search-worker.ts', import.meta.url),
      name: 'test',
      data: { file: searchFile() },
      what: 'the full text',
      onRebuilt: () => undefined,
    });
    const logs = Array.from({ length: 50 }, (_, at) => logToIndex(`${at}.md`, `ledger number ${at}`));
    unwrap(await link.call('put', logs));
    const question = parseSearch('ledger number', '2026-06-15' as CalendarDate);
    const asked = { question, me: { names: [], machine: 'x' as never }, offset: 0, limit: 1 };
    const stop = new AbortController();
    const calls = [link.call('find', asked, stop.signal), link.call('find', asked)];
    stop.abort();
    // Both answers are the thread's own words: nothing on this side stands between.
    const [stopped, whole] = await Promise.all(calls);
    expect(stopped).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(whole).toMatchObject({ ok: true, value: { count: 50 } });
    await link.close();
  });
});
