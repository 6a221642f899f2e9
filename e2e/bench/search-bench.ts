import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { foldLog } from '../../main/adapters/sqlite/search/fold-log.ts';
import { createSqliteSearchIndex } from '../../main/adapters/sqlite/search/sqlite-search-index.ts';
import { openConnection } from '../../main/adapters/sqlite/sqlite-connection.ts';
import type { SearchIndex } from '../../main/core/ports/search-index.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../shared/domain/ids.ts';
import { parseSearch } from '../../shared/domain/parse-search.ts';
import { unwrap } from '../../shared/result.ts';
import type { BenchRow } from './bench-row.ts';
import { cacmFolder, judgeCacm } from './cacm.ts';
import { measureProcess } from './measured-process.ts';
import { createCorpus, type CorpusLog } from './search-corpus.ts';

/** Logs of the corpus; `SESSION_LOG_BENCH_LOGS=100000` for the size that the targets speak of. */
const LOGS = Number(process.env['SESSION_LOG_BENCH_LOGS'] ?? 8_000);
const BATCH = 500;
const MACHINE = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' as MachineUuid;
const corpus = createCorpus(7);
const ROUNDS = 25;
const orders = new Map<number, readonly number[]>();

/** Full-text search: building it, its size, asking it, beside a bare FTS5 table and ripgrep over the same texts. */
export async function searchBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'session-log-search-bench-'));
  try {
    const quarter = await build(join(folder, 'quarter', 'search.db'), LOGS / 4);
    const quarterP95 = p95(await times(quarter.index, 'mixed'));
    await quarter.index.close();
    const full = await build(join(folder, 'full', 'search.db'), LOGS);
    const bare = bareInsert(join(folder, 'bare.db'), LOGS);
    const rows = [...buildRows(full, bare), ...(await askRows(full.index))];
    const whole = p95(await times(full.index, 'mixed'));
    rows.push(
      row(
        'growth by four: build, exponent',
        Math.log(full.seconds / quarter.seconds) / Math.log(4),
        '',
        'at most 1.05',
        1.05,
      ),
      row(
        'growth by four: p95, exponent',
        Math.max(0, Math.log(whole / quarterP95) / Math.log(4)),
        '',
        'at most 0.5',
        0.5,
      ),
      await oneMore(full.index),
    );
    await full.index.close();
    return [
      ...rows,
      ...(await ripgrepRows(folder)),
      ...(await commandRows(folder)),
      ...(await cacmRows(folder)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Built {
  readonly index: SearchIndex;
  readonly file: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly residentBytes: number;
}

async function build(file: string, count: number): Promise<Built> {
  const index = createSqliteSearchIndex({ file, thread: 'caller' });
  unwrap(await index.building(true));
  let [ms, bytes, resident] = [0, 0, 0];
  for (let from = 0; from < count; from += BATCH) {
    const logs = batch(from, count).map(toIndex);
    const started = performance.now();
    unwrap(await index.put(logs));
    ms += performance.now() - started;
    bytes += logs.reduce((sum, { size }) => sum + size, 0);
    resident = Math.max(resident, process.memoryUsage.rss());
  }
  const started = performance.now();
  unwrap(await index.building(false));
  ms += performance.now() - started;
  return { index, file, seconds: ms / 1_000, bytes, residentBytes: resident };
}

/** What FTS5 alone takes for the same folded texts, numbered one after the other. */
function bareInsert(file: string, count: number): { readonly seconds: number; readonly fileBytes: number } {
  const db = openConnection(file, 1_000);
  db.pragma('journal_mode = wal');
  db.exec(`pragma synchronous = normal; create virtual table t using fts5 (body, content='', contentless_delete=1, tokenize='ascii');
    insert into t (t, rank) values ('hashsize', 64000000); insert into t (t, rank) values ('automerge', 0)`);
  let ms = 0;
  for (let from = 0; from < count; from += BATCH) {
    const texts = batch(from, count).map(({ text }) => foldLog(text).text);
    const started = performance.now();
    db.write(() => {
      for (const [at, text] of texts.entries())
        db.run('insert into t (rowid, body) values (?, ?)', from + at, text);
    });
    ms += performance.now() - started;
  }
  db.pragma('wal_checkpoint(truncate)');
  db.close();
  return { seconds: ms / 1_000, fileBytes: statSync(file).size };
}

function buildRows(full: Built, bare: ReturnType<typeof bareInsert>): BenchRow[] {
  const checked = openConnection(full.file, 1_000);
  checked.pragma('wal_checkpoint(truncate)');
  checked.close();
  const ratio = full.seconds / bare.seconds;
  const ofText = statSync(full.file).size / full.bytes;
  return [
    {
      ...row(`first build of ${LOGS} logs beside bare FTS5`, full.seconds, 's', 'at most 1.5x'),
      peer: bare.seconds,
      ratio,
      ok: ratio <= 1.5,
    },
    least('first build', full.bytes / 1e6 / full.seconds, 'MB/s', 20),
    row(
      'largest resident set of the build, corpus included',
      full.residentBytes / 1e6,
      'MB',
      'under 350',
      350,
    ),
    {
      ...row('database to text, beside bare FTS5', ofText, 'x', 'at most 0.5', 0.5),
      peer: bare.fileBytes / full.bytes,
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

async function times(index: SearchIndex, kind: string): Promise<number[]> {
  const kinds = kind === 'mixed' ? Object.values(KINDS) : [KINDS[kind] ?? ((): string => '')];
  const found: number[] = [];
  for (const typed of kinds)
    for (let round = 0; round < ROUNDS; round++) {
      const question = parseSearch(typed(round), '2026-11-29' as CalendarDate);
      const started = performance.now();
      unwrap(await index.find({ question, me: { names: [], machine: MACHINE }, offset: 0, limit: 20 }));
      found.push(performance.now() - started);
    }
  return found.sort((a, b) => a - b);
}

async function askRows(index: SearchIndex): Promise<BenchRow[]> {
  await times(index, 'mixed');
  const rows: BenchRow[] = [];
  for (const kind of Object.keys(KINDS)) {
    const all = await times(index, kind);
    rows.push(
      row(`${kind}, p50`, at(all, 0.5), 'ms', 'under 10', 10),
      row(`${kind}, p95`, p95(all), 'ms', 'under 40', 40),
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

/** The same words over the same files: hits have to be equal, and ours quicker. */
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
  let [ours, theirs, same] = [0, 0, true];
  for (const word of [300, 900, 2_000, 5_000].map((rank) => corpus.word(rank))) {
    const before = performance.now();
    const listed = run('rg', ['-l', ...wholeWord(word), files])
      .split('\n')
      .filter(Boolean).length;
    const between = performance.now();
    const question = parseSearch(`"${word}"`, '2026-11-29' as CalendarDate);
    const { count: found } = unwrap(
      await index.find({ question, me: { names: [], machine: MACHINE }, offset: 0, limit: 20 }),
    );
    ours += performance.now() - between;
    theirs += between - before;
    same &&= listed === found || found >= 2_000;
  }
  await index.close();
  const ratio = theirs / ours;
  return [
    {
      ...row(
        `search: ripgrep over ${count} files, ${same ? 'the same hits' : 'OTHER HITS'}`,
        ours / 4,
        'ms',
        'at least 50x',
      ),
      peer: theirs / 4,
      ratio,
      ok: same && ratio >= 50,
    },
  ];
}

/** What ripgrep is asked for: the word whatever its case, and as a piece of a compound name, as search finds it too. */
function wholeWord(word: string): readonly string[] {
  const patterns = [
    `(^|[^A-Za-z0-9])(?i:${word})([^A-Za-z0-9]|$)`,
    `(^|[^A-Za-z0-9])${word}[A-Z]`,
    `[a-z0-9]${word[0]?.toUpperCase() ?? ''}${word.slice(1)}([A-Z]|[^A-Za-z0-9]|$)`,
  ];
  return patterns.flatMap((pattern) => ['-e', pattern]);
}

/** The command in a fresh process, over two thousand own logs. */
async function commandRows(folder: string): Promise<BenchRow[]> {
  const cli = resolve(import.meta.dirname, '../../out/main/cli.js');
  const home = join(folder, 'home');
  for (let number = 0; number < 2_000; number++) {
    const { path, text } = corpus.log(number);
    mkdirSync(dirname(join(home, 'session-logs', path)), { recursive: true });
    writeFileSync(join(home, 'session-logs', path), text);
  }
  const env = { SESSION_LOG_HOME: home };
  await measureProcess('node', [cli, 'search', corpus.word(900), '--update'], env, { memory: false });
  const [ours, empty]: [number[], number[]] = [[], []];
  for (let round = 0; round < 7; round++) {
    const ran = await measureProcess('node', [cli, 'search', corpus.word(900 + round)], env, {
      memory: false,
    });
    if (ran.exitCode !== 0) throw new Error(ran.stderr);
    ours.push(ran.wallMs);
    empty.push((await measureProcess('node', ['-e', '0'], env, { memory: false })).wallMs);
  }
  const [median, node] = [
    at(
      ours.sort((a, b) => a - b),
      0.5,
    ),
    at(
      empty.sort((a, b) => a - b),
      0.5,
    ),
  ];
  return [
    {
      ...row('search: the command, cold, beyond `node -e 0`', median - node, 'ms', 'under 250', 250),
      peer: node,
    },
  ];
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

/** Logs of the corpus, the newest first: in that order a sweep reads them in. */
function batch(from: number, count: number): readonly CorpusLog[] {
  return newestFirst(count)
    .slice(from, from + BATCH)
    .map((number) => corpus.log(number));
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

function row(
  name: string,
  value: number,
  unit: string,
  target: string,
  most = Number.POSITIVE_INFINITY,
): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target, ok: value <= most };
}

function least(name: string, value: number, unit: string, bound: number): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target: `at least ${bound}`, ok: value >= bound };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function p95(sorted: readonly number[]): number {
  return at(
    [...sorted].sort((a, b) => a - b),
    0.95,
  );
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
