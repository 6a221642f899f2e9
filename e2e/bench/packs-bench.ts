import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldText } from '../../shared/domain/fold-text.ts';
import type { CalendarDate, LogPath } from '../../shared/domain/ids.ts';
import type { LogEntry } from '../../shared/domain/log-entry.ts';
import { searchableText } from '../../shared/domain/searchable-text.ts';
import { ok, unwrap } from '../../shared/result.ts';
import { createSqliteSearchIndex } from '../../main/adapters/sqlite/search/sqlite-search-index.ts';
import { searchLogs } from '../../main/core/search/search-logs.ts';
import type { OwnText, SyncDeps } from '../../main/core/sync/sync-deps.ts';
import { createShardTexts } from '../../main/core/text-packs/publish-texts.ts';
import { pullTexts } from '../../main/core/text-packs/pull-texts.ts';
import { createSearchTextSink } from '../../main/core/text-packs/search-text-sink.ts';
import type { SeenHead } from '../../main/core/text-packs/seen-heads.ts';
import type { TextSink } from '../../main/core/text-packs/text-sink.ts';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { createTestWorld, testUuid, type TestMachine } from '../../main/testing/sync-world.ts';
import type { BenchRow } from './bench-row.ts';
import { at, row, said, spend, type Spent } from './search-figures.ts';
import { kindsOf, ROUNDS } from './search-questions.ts';

const MACHINES = 10;
const A_YEAR = 1_825;
const A_DAY = 5;
const SIZE = 15_000;
const MB = 1024 * 1024;
/** What a first pull asks beside packs: a list, and of each machine a head and, in November, three segments. */
const INDEX_REQUESTS = 1 + MACHINES * 4;
const TODAY = '2026-11-28';

/**
 * The text of a team of ten machines after a year, towards the end of a month, for somebody new; and the first packs of a machine with ten
 * times as many logs. Store and disk are in memory: what is measured is the work.
 */
export async function packsBench(): Promise<BenchRow[]> {
  const world = createTestWorld();
  try {
    const letters = 'abcdef0123'.slice(0, MACHINES);
    const heads: SeenHead[] = [];
    let published = { packed: 0, text: 0 };
    for (const letter of letters) {
      const machine = world.machine(letter, { uuid: testUuid(letter) });
      const refs = await publishYear(machine);
      heads.push({ machine: machine.deps.self.uuid, host: letter, generation: '1', texts: refs });
      published = {
        packed: refs.reduce((sum, { size }) => sum + size, published.packed),
        text: refs.reduce((sum, { text }) => sum + text, published.text),
      };
    }
    const packs = await pullAll(world.machine('e', { uuid: testUuid('9') }), heads);
    const files = fromFiles();
    const memory = await firstPacks(world.machine('d', { uuid: testUuid('8') }));
    const requests = INDEX_REQUESTS + packs.requests;
    const kept = published.packed / published.text;
    const ratio = packs.ms / files;
    const alone = { peer: null, ratio: null };
    return [
      {
        ...alone,
        name: `requests of a first pull, ${MACHINES} machines x ${A_YEAR} logs`,
        value: requests,
        unit: 'requests',
        target: '<= 250',
        ok: requests <= 250,
      },
      {
        name: 'taking in their text, its words folded, against the same from files',
        value: packs.ms / 1000,
        unit: 's',
        peer: files / 1000,
        ratio,
        target: '<= 1.5x',
        ok: ratio <= 1.5,
      },
      { ...alone, name: 'packed text / text', value: kept, unit: '', target: '<= 0.35', ok: kept <= 0.35 },
      {
        ...alone,
        name: `memory for the first packs of ${A_YEAR * 10} logs (beyond what the process had)`,
        value: memory / MB,
        unit: 'MB',
        target: '< 200 MB',
        ok: memory < 200 * MB,
      },
      ...(await searchRows(world.machine('f', { uuid: testUuid('7') }), heads)),
    ];
  } finally {
    await world.end();
  }
}

/** Packs as they come about: what there was before the program knew packs, then day by day. */
async function publishYear(machine: TestMachine) {
  const all = logsOf(A_YEAR);
  const deps = withoutDisk(machine);
  const publish = async (day: string) => {
    const texts = createShardTexts({
      ...deps,
      clock: { ...deps.clock, now: () => Date.parse(`${day}T12:00`) },
    });
    return await texts.publish(
      all.filter(({ date }) => date <= day),
      named,
      {},
    );
  };
  let named: string | null = null;
  let done = await publish('2026-10-31');
  for (let day = 1; day <= Number(TODAY.slice(8)); day++) {
    named = done.digest;
    done = await publish(`2026-11-${String(day).padStart(2, '0')}`);
    if (done.error !== null) throw new Error(done.error.message);
  }
  return done.refs;
}

async function pullAll(
  reader: TestMachine,
  heads: readonly SeenHead[],
): Promise<{ readonly ms: number; readonly requests: number }> {
  const started = performance.now();
  const pulled = await pullTexts(
    { ...reader.deps, sink: foldingSink(), fetchHead: async () => ok(null) },
    { team: 'all', heads },
  );
  const { logs } = unwrap(pulled).report;
  if (logs < MACHINES * A_YEAR) throw new Error(`only the text of ${logs} logs came`);
  return { ms: performance.now() - started, requests: reader.calls.length };
}

/** What a question over those packs takes to the answer with its lines, which are read from the kept texts. */
async function searchRows(reader: TestMachine, heads: readonly SeenHead[]): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'session-log-packs-bench-'));
  const search = createSqliteSearchIndex({ file: join(folder, 'search.db'), thread: 'caller' });
  try {
    const sink = createSearchTextSink(search, { entries: async () => ok(logsOf(A_YEAR).map(entryOf)) });
    unwrap(await search.building(true));
    const fetchHead = async () => ok(null);
    unwrap(await pullTexts({ ...reader.deps, sink, fetchHead }, { team: 'all', heads }));
    unwrap(await search.building(false));
    while (unwrap(await search.optimise()));
    const { rows: logs } = unwrap(await search.facts());
    const deps = { sync: reader.deps, search, me: () => [], ownCredentials: () => false };
    const taken: Spent[] = [];
    const kinds = Object.values(kindsOf((rank) => WORDS[rank] ?? '', 'date:2026-05'));
    for (const isWarm of [false, true])
      for (const typed of kinds)
        for (let round = 0; round < ROUNDS; round++) {
          const spent: Spent = { wallMs: 0, cpuMs: 0 };
          unwrap(await spend(spent, () => searchLogs(deps, { text: typed(round) })));
          if (isWarm) taken.push(spent);
        }
    const figure = (share: number, of: keyof Spent): number =>
      at(
        taken.map((spent) => spent[of]).sort((a, b) => a - b),
        share,
      );
    const what = `searching ${logs} logs from packs, all kinds`;
    return [
      row(`${what}, p95 by the clock`, figure(0.95, 'wallMs'), 'ms', '< 40 ms', 40),
      row(`${what}, p95 of the processor`, figure(0.95, 'cpuMs'), 'ms', '< 40 ms', 40),
      said(`${what}, p50 of the processor`, figure(0.5, 'cpuMs'), 'ms'),
    ];
  } finally {
    await search.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function entryOf({ path, date, size, sha256 }: OwnText): LogEntry {
  const stored = { size, crc32c: '', generation: '' };
  return {
    path,
    size,
    mtime: Date.parse(date),
    sha256,
    stored,
    date,
    title: logOf(path).title,
    author: null,
    sessions: 1,
    notes: [],
  };
}

/** The same work for logs that are on the disk; reading them costs nothing here. */
function fromFiles(): number {
  let ms = 0;
  for (let machine = 0; machine < MACHINES; machine++)
    for (const { path } of logsOf(A_YEAR)) {
      const { bytes } = logOf(path);
      const started = performance.now();
      foldText(searchableText(bytes, bytes.length)?.text ?? '');
      ms += performance.now() - started;
    }
  return ms;
}

async function firstPacks(machine: TestMachine): Promise<number> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const deps = withoutDisk(machine, () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  });
  const done = await createShardTexts(deps).publish(logsOf(A_YEAR * 10), null, {});
  if (done.error !== null) throw new Error(done.error.message);
  return peak - before;
}

function foldingSink(): TextSink {
  return {
    put: async (_source, texts) => {
      for (const { text } of texts) foldText(text);
      return ok(undefined);
    },
    missing: async () => ok(new Set()),
    drop: async () => ok(undefined),
    forget: async () => ok(undefined),
  };
}

function withoutDisk({ deps }: TestMachine, onRead: () => void = () => undefined): SyncDeps {
  const readHead: SyncDeps['files']['readHead'] = async (path, length) => {
    if (!path.endsWith('.md')) return await deps.files.readHead(path, length);
    onRead();
    return ok(logOf(path).bytes);
  };
  return { ...deps, files: { ...deps.files, readHead } };
}

function logsOf(count: number): readonly OwnText[] {
  const perDay = Math.max(A_DAY, count / 365);
  return Array.from({ length: count }, (_, at) => {
    const age = Math.floor(at / perDay);
    const date = new Date(Date.parse(TODAY) - age * 86_400_000).toISOString().slice(0, 10) as CalendarDate;
    const path = `${date}-mara-topic-${at}.md` as LogPath;
    return { path, date, size: SIZE, sha256: logOf(path).sha256, isGone: false };
  });
}

const WORDS = (() => {
  const random = createSeededRandom(7);
  const syllables = [
    'ka',
    'ro',
    'lin',
    'te',
    'mos',
    'er',
    'da',
    'vi',
    'sun',
    'per',
    'ot',
    'ing',
    'le',
    'ma',
  ] as const;
  return Array.from({ length: 20_000 }, () =>
    Array.from({ length: 1 + random.below(4) }, () => random.pick(syllables)).join(''),
  );
})();

interface MadeLog {
  readonly bytes: Uint8Array;
  readonly title: string;
  readonly sha256: string;
}

const made = new Map<number, MadeLog>();

/** A year of logs, the same for every machine: what is compressed is one machine's at a time. */
function logOf(path: string): MadeLog {
  const number = Number(/-(\d+)\.md$/.exec(path)?.[1]) % A_YEAR;
  const known = made.get(number) ?? makeLog(number);
  made.set(number, known);
  return known;
}

/** Prose by Zipf's law with some headings and code, the same for a number. */
function makeLog(number: number): MadeLog {
  const random = createSeededRandom(number);
  const anyWord = (): string => WORDS[Math.floor(WORDS.length ** random.fraction()) - 1] ?? '';
  const title = `${anyWord()} ${anyWord()}`;
  const parts = [`# ${title}\n\n`];
  for (let size = 0, n = 1; size < SIZE; n++) {
    const word = anyWord();
    const code = `\n    ${random.hex(8)} = ${word}()\n`;
    const part = n % 200 === 0 ? `\n\n## ${word}\n\n` : n % 90 === 0 ? code : `${word} `;
    parts.push(part);
    size += part.length;
  }
  const bytes = new TextEncoder().encode(parts.join(''));
  return { bytes, title, sha256: createHash('sha256').update(bytes).digest('hex') };
}
