import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readRows } from '../../main/adapters/sqlite/search/read-rows.ts';
import { createSqliteSearchIndex } from '../../main/adapters/sqlite/search/sqlite-search-index.ts';
import { openConnection } from '../../main/adapters/sqlite/sqlite-connection.ts';
import { BATCH_BYTES } from '../../main/core/search/sweep.ts';
import type { SearchIndex } from '../../main/core/ports/search-index.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../shared/domain/ids.ts';
import { parseSearch } from '../../shared/domain/parse-search.ts';
import { unwrap } from '../../shared/result.ts';
import type { BenchRow } from './bench-row.ts';
import { cacmFolder, judgeCacm } from './cacm.ts';
import { median } from './measured-process.ts';
import { commandRows } from './search-command.ts';
import { createCorpus, type CorpusLog } from './search-corpus.ts';
import { at, least, row, said, spend, type Spent } from './search-figures.ts';

/** Logs of the corpus; `SESSION_LOG_BENCH_LOGS=100000` for the size that the targets speak of. */
const LOGS = Number(process.env['SESSION_LOG_BENCH_LOGS'] ?? 8_000);
const MACHINE = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' as MachineUuid;
const TODAY = '2026-11-29' as CalendarDate;
const corpus = createCorpus(7);
const ROUNDS = 25;
const RIPGREP_ROUNDS = 5;
const orders = new Map<number, readonly number[]>();

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

/** Kinds of questions by the ranks of their words. */
const KINDS: Readonly<Record<string, (round: number) => string>> = {
  word: (round) => corpus.word(4_000 + round * 37),
  'common word': (round) => corpus.word(1 + round),
  phrase: (round) => `"${corpus.word(3 + round)} ${corpus.word(5 + round)}"`,
  'three words': (round) =>
    `${corpus.word(20 + round)} ${corpus.word(90 + round)} ${corpus.word(700 + round)}`,
  prefix: (round) => `${corpus.word(900 + round * 11).slice(0, 3)}*`,
  filter: (round) => `${corpus.word(40 + round)} user:mara date:2023`,
  'plain question': (round) =>
    [2, 5, 60, 400, 1_500, 3_000].map((rank) => corpus.word(rank + round)).join(' '),
};

/** Milliseconds of each question of a kind, sorted: by the clock, and of the processor. */
async function times(
  index: SearchIndex,
  kind: string,
): Promise<{ readonly wall: number[]; readonly cpu: number[] }> {
  const kinds = kind === 'mixed' ? Object.values(KINDS) : [KINDS[kind] ?? ((): string => '')];
  const [wall, cpu]: [number[], number[]] = [[], []];
  for (const typed of kinds)
    for (let round = 0; round < ROUNDS; round++) {
      const question = parseSearch(typed(round), TODAY);
      const spent: Spent = { wallMs: 0, cpuMs: 0 };
      unwrap(
        await spend(spent, () =>
          index.find({ question, me: { names: [], machine: MACHINE }, offset: 0, limit: 20 }),
        ),
      );
      wall.push(spent.wallMs);
      cpu.push(spent.cpuMs);
    }
  return { wall: wall.sort((a, b) => a - b), cpu: cpu.sort((a, b) => a - b) };
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
  const [ours, theirs]: [number[], number[]] = [[], []];
  let same = true;
  // The first round is nobody's: it warms the disk for the one and the database for the other.
  for (let round = 0; round <= RIPGREP_ROUNDS; round++)
    for (const word of [300, 900, 2_000, 5_000].map((rank) => corpus.word(rank))) {
      const before = performance.now();
      const listed = run('rg', ['-l', ...wholeWord(word), files])
        .split('\n')
        .filter(Boolean).length;
      const between = performance.now();
      const question = parseSearch(`"${word}"`, TODAY);
      const { count: found } = unwrap(
        await index.find({ question, me: { names: [], machine: MACHINE }, offset: 0, limit: 20 }),
      );
      if (round > 0) {
        ours.push(performance.now() - between);
        theirs.push(between - before);
      }
      same &&= listed === found || found >= 2_000;
    }
  await index.close();
  const [one, peer] = [median(ours), median(theirs)];
  return [
    {
      ...row(
        `search: ripgrep over ${count} files, ${same ? 'the same hits' : 'OTHER HITS'}`,
        one,
        'ms',
        'at least 50x',
      ),
      peer,
      ratio: peer / one,
      ok: same && peer / one >= 50,
    },
  ];
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

/** Logs of the corpus as a sweep reads them in: the newest first, so many bytes at once. */
function* batches(count: number): Generator<readonly CorpusLog[]> {
  let [batch, bytes]: [CorpusLog[], number] = [[], 0];
  for (const number of newestFirst(count)) {
    const log = corpus.log(number);
    batch.push(log);
    bytes += log.text.length;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function newestFirst(count: number): readonly number[] {
  const known = orders.get(count);
  if (known !== undefined) return known;
  const days = Array.from({ length: count }, (_, number) => ({ number, day: corpus.day(number) }));
  const order = days.sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0)).map(({ number }) => number);
  orders.set(count, order);
  return order;
}

function toIndex({ path, text }: CorpusLog): Parameters<SearchIndex['put']>[0][number] {
  return {
    machine: MACHINE,
    path: path as LogPath,
    host: 'host',
    size: text.length,
    mtime: 1_767_600_000_000,
    sha256: path,
    origin: 'own',
    text,
  };
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
