import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRows } from '../../main/adapters/sqlite/search/read-rows.ts';
import { createSqliteSearchIndex } from '../../main/adapters/sqlite/search/sqlite-search-index.ts';
import { openConnection } from '../../main/adapters/sqlite/sqlite-connection.ts';
import type { SearchIndex } from '../../main/core/ports/search-index.ts';
import { unwrap } from '../../shared/result.ts';
import type { BenchRow } from './bench-row.ts';
import { cacmFolder, judgeCacm } from './cacm.ts';
import { askRows } from './search-answers.ts';
import { commandRows } from './search-command.ts';
import { at, least, row, said, spend, type Spent } from './search-figures.ts';
import { batches, corpus, times, TODAY, toIndex } from './search-questions.ts';

/** Logs of the corpus; `SESSION_LOG_BENCH_LOGS=100000` for the size that the targets speak of. */
const LOGS = Number(process.env['SESSION_LOG_BENCH_LOGS'] ?? 8_000);

/** Full-text search: building it, its size, asking it, beside a bare FTS5 table with the same texts. */
export async function searchBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'session-log-search-bench-'));
  try {
    const quarter = await build(join(folder, 'quarter', 'search.db'), LOGS / 4);
    const quarterTimes = await times(quarter.index, 'mixed');
    await quarter.index.close();
    const full = await build(join(folder, 'full', 'search.db'), LOGS);
    const bare = await bareInsert(join(folder, 'bare.db'), LOGS);
    const rows = [...buildRows(full, bare), ...(await askRows(full.index))];
    const fullTimes = await times(full.index, 'mixed');
    const growth = (what: string, less: number, more: number, most: number): BenchRow =>
      row(
        `search: growth by four, exponent: ${what}, of the processor`,
        Math.max(0, Math.log(more / less) / Math.log(4)),
        '',
        `at most ${most}`,
        most,
      );
    rows.push(
      growth('build', quarter.build.cpuMs, full.build.cpuMs, 1.05),
      growth('p95', at(quarterTimes.cpu, 0.95), at(fullTimes.cpu, 0.95), 0.5),
      await oneMore(full.index),
    );
    await full.index.close();
    return [...rows, ...(await commandRows(folder, corpus)), ...(await cacmRows(folder))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Built {
  readonly index: SearchIndex;
  readonly file: string;
  readonly build: Spent;
  /** What is done when nobody asks: merging, and giving empty pages back. */
  readonly merge: Spent;
  readonly bytes: number;
}

async function build(file: string, count: number): Promise<Built> {
  const index = createSqliteSearchIndex({ file, thread: 'caller' });
  const [spent, merge]: [Spent, Spent] = [
    { wallMs: 0, cpuMs: 0 },
    { wallMs: 0, cpuMs: 0 },
  ];
  unwrap(await index.building(true));
  let bytes = 0;
  for (const batch of batches(count)) {
    const logs = batch.map(toIndex);
    unwrap(await spend(spent, () => index.put(logs)));
    bytes += logs.reduce((sum, { size }) => sum + size, 0);
  }
  unwrap(await spend(spent, () => index.building(false)));
  while (unwrap(await spend(merge, () => index.optimise())));
  return { index, file, build: spent, merge, bytes };
}

/** What FTS5 alone takes for the same folded texts, column by column, numbered one after the other. */
async function bareInsert(file: string, count: number): Promise<Spent & { readonly fileBytes: number }> {
  const db = openConnection(file, 1_000);
  db.pragma('journal_mode = wal');
  db.exec(`pragma synchronous = normal; pragma cache_size = -16000;
    create virtual table t using fts5 (a, b, c, d, e, f, content='', contentless_delete=1, tokenize='ascii');
    insert into t (t, rank) values ('hashsize', 64000000); insert into t (t, rank) values ('automerge', 0);
    insert into t (t, rank) values ('crisismerge', 256)`);
  const spent: Spent = { wallMs: 0, cpuMs: 0 };
  let number = 0;
  for (const batch of batches(count)) {
    const texts = batch.flatMap((log) => readRows(toIndex(log), TODAY).rows.map(({ columns }) => columns));
    await spend(spent, () =>
      db.write(() => {
        for (const columns of texts)
          db.run(
            'insert into t (rowid, a, b, c, d, e, f) values (?, ?, ?, ?, ?, ?, ?)',
            ++number,
            ...columns,
          );
      }),
    );
  }
  db.pragma('wal_checkpoint(truncate)');
  db.close();
  return { ...spent, fileBytes: statSync(file).size };
}

function buildRows(
  { file, build: spent, merge, bytes }: Built,
  bare: Spent & { readonly fileBytes: number },
): BenchRow[] {
  const checked = openConnection(file, 1_000);
  checked.pragma('wal_checkpoint(truncate)');
  checked.close();
  const beside = (what: string, ours: number, theirs: number): BenchRow => ({
    ...row(`first build of ${LOGS} logs beside bare FTS5, ${what}`, ours / 1_000, 's', 'at most 1.5x'),
    peer: theirs / 1_000,
    ratio: ours / theirs,
    ok: ours / theirs <= 1.5,
  });
  return [
    beside('by the clock', spent.wallMs, bare.wallMs),
    beside('of the processor', spent.cpuMs, bare.cpuMs),
    least('first build, by the clock', bytes / 1e3 / spent.wallMs, 'MB/s', 20),
    said('first build, of the processor', bytes / 1e3 / spent.cpuMs, 'MB/s'),
    said('merging afterwards, while nobody asks, of the processor', merge.cpuMs / 1_000, 's'),
    {
      ...row('database to text, beside bare FTS5', statSync(file).size / bytes, 'x', 'at most 0.5', 0.5),
      peer: bare.fileBytes / bytes,
    },
  ].map((one) => ({ ...one, name: `search: ${one.name}` }));
}

async function oneMore(index: SearchIndex): Promise<BenchRow> {
  const found: number[] = [];
  for (let round = 0; round < 15; round++) {
    const log = toIndex({ ...corpus.log(LOGS + round), path: `new-${round}.md` });
    const started = performance.now();
    unwrap(await index.put([log]));
    found.push(performance.now() - started);
  }
  return row(
    'search: a saved log is put in',
    at(
      found.sort((a, b) => a - b),
      0.5,
    ),
    'ms',
    'under 50',
    50,
  );
}

async function cacmRows(folder: string): Promise<BenchRow[]> {
  const collection = cacmFolder();
  if (collection === null) {
    console.error('  skipped: the CACM collection is not here (SESSION_LOG_CACM names its folder)');
    return [];
  }
  const { questions, meanAveragePrecision, ndcg, unanswered } = await judgeCacm(
    collection,
    join(folder, 'cacm.db'),
  );
  return [
    least('CACM, mean average precision', meanAveragePrecision, '', 0.32),
    least('CACM, nDCG of the first ten', ndcg, '', 0.46),
    row(`CACM, unanswered of ${questions}`, unanswered, '', 'none', 0),
  ].map((one) => ({ ...one, name: `search: ${one.name}` }));
}
