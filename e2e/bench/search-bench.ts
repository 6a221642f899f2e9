import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readRows } from '../../main/adapters/sqlite/search/read-rows.ts';
import { createSqliteSearchIndex } from '../../main/adapters/sqlite/search/sqlite-search-index.ts';
import { openConnection } from '../../main/adapters/sqlite/sqlite-connection.ts';
import type { SearchIndex } from '../../main/core/ports/search-index.ts';
import { parseSearch } from '../../shared/domain/parse-search.ts';
import { unwrap } from '../../shared/result.ts';
import type { BenchRow } from './bench-row.ts';
import { cacmFolder, judgeCacm } from './cacm.ts';
import { median } from './measured-process.ts';
import { commandRows } from './search-command.ts';
import { at, childrenMs, least, row, said, spend, type Spent } from './search-figures.ts';
import { batches, corpus, KINDS, MACHINE, times, TODAY, toIndex } from './search-questions.ts';

/** Logs of the corpus; `SESSION_LOG_BENCH_LOGS=100000` for the size that the targets speak of. */
const LOGS = Number(process.env['SESSION_LOG_BENCH_LOGS'] ?? 8_000);
const RIPGREP_ROUNDS = 5;

/** Full-text search: building it, its size, asking it, beside a bare FTS5 table and ripgrep over the same texts. */
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
    return [
      ...rows,
      ...(await ripgrepRows(folder)),
      ...(await commandRows(folder, corpus)),
      ...(await cacmRows(folder)),
    ];
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

async function askRows(index: SearchIndex): Promise<BenchRow[]> {
  await times(index, 'mixed');
  const rows: BenchRow[] = [];
  for (const kind of [...Object.keys(KINDS), 'mixed']) {
    const { wall, cpu } = await times(index, kind);
    rows.push(
      row(`${kind}, p50`, at(wall, 0.5), 'ms', 'under 10', 10),
      row(`${kind}, p95`, at(wall, 0.95), 'ms', 'under 40', 40),
      said(`${kind}, p50 of the processor`, at(cpu, 0.5), 'ms'),
      said(`${kind}, p95 of the processor`, at(cpu, 0.95), 'ms'),
    );
  }
  return rows.map((one) => ({ ...one, name: `search: ${one.name}` }));
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

/** The same words over the same files: hits have to be equal, and ours quicker. Asked as the app asks, of a database that is open. */
async function ripgrepRows(folder: string): Promise<BenchRow[]> {
  if (!isThere('rg')) {
    console.error('  skipped: ripgrep is not installed, so nothing is compared with it');
    return [];
  }
  const count = Math.min(LOGS, 4_000);
  const files = join(folder, 'files');
  for (let number = 0; number < count; number++) {
    const { path, text } = corpus.log(number);
    mkdirSync(dirname(join(files, path)), { recursive: true });
    writeFileSync(join(files, path), text);
  }
  const { index } = await build(join(folder, 'rg', 'search.db'), count);
  const [ours, theirs]: [Spent[], Spent[]] = [[], []];
  let same = true;
  // The first round is nobody's: it warms the disk for the one and the database for the other.
  for (let round = 0; round <= RIPGREP_ROUNDS; round++)
    for (const word of [300, 900, 2_000, 5_000].map((rank) => corpus.word(rank))) {
      const [one, other]: [Spent, Spent] = [
        { wallMs: 0, cpuMs: 0 },
        { wallMs: 0, cpuMs: 0 },
      ];
      const before = childrenMs();
      const listed = await spend(other, () => run('rg', ['-l', ...wholeWord(word), files]));
      other.cpuMs = childrenMs() - before;
      const question = parseSearch(`"${word}"`, TODAY);
      const { count: found } = unwrap(
        await spend(one, () =>
          index.find({ question, me: { names: [], machine: MACHINE }, offset: 0, limit: 20 }),
        ),
      );
      same &&= listed.split('\n').filter(Boolean).length === found || found >= 2_000;
      if (round === 0) continue;
      ours.push(one);
      theirs.push(other);
    }
  await index.close();
  const what = `search: ripgrep over ${count} files, ${same ? 'the same hits' : 'OTHER HITS'}`;
  return (['wallMs', 'cpuMs'] as const).map((of) => {
    const [one, peer] = [ours, theirs].map((all) => median(all.map((spent) => spent[of]))) as [
      number,
      number,
    ];
    return {
      ...row(`${what}, ${of === 'wallMs' ? 'by the clock' : 'of the processor'}`, one, 'ms', 'at least 50x'),
      peer,
      ratio: peer / one,
      ok: same && peer / one >= 50,
    };
  });
}

/** What ripgrep is asked for: the word whatever its case, with neither letter nor digit beside it. */
function wholeWord(word: string): readonly string[] {
  return ['-i', '-e', `(^|[^A-Za-z0-9])${word}([^A-Za-z0-9]|$)`];
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

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function run(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, [...args], { encoding: 'utf8', maxBuffer: 64_000_000 });
  } catch (error) {
    // Nothing found is an exit code of 1.
    if ((error as { status?: number }).status === 1) return '';
    throw error;
  }
}
