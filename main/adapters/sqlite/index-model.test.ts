/**
 * The index against the plain one in memory: random shards and workspaces come, change and go, their logs and parts claim the same few
 * sessions for several persons, the cache fills and empties, and whenever somebody looks both must give the same pages, headings, copies
 * and sums. Below that the tables must agree with each other.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { CalendarDate, LogId, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry, SessionPart } from '../../../shared/domain/log-entry.ts';
import { LOG_PLACES, type LogQuery, type MachineRow } from '../../../shared/domain/log-query.ts';
import { unwrap } from '../../../shared/result.ts';
import type { Files } from '../../core/ports/files.ts';
import type { LogIndex } from '../../core/ports/log-index.ts';
import { createMemoryLogIndex } from '../../testing/memory-log-index.ts';
import { daySql, FACETS, machineSql } from './index-schema.ts';
import { openConnection, type SqliteConnection } from './sqlite-connection.ts';
import { createSqliteLogIndex } from './sqlite-log-index.ts';

const MACHINES = ['a', 'b', 'c', 'd'].map(
  (letter) => `${letter.repeat(8)}-0000-4000-8000-000000000001` as MachineUuid,
);
const OWN = MACHINES[0] as MachineUuid;
const WORKSPACES = ['e', 'f'].map(
  (letter) => `${letter.repeat(8)}-0000-4000-8000-000000000001` as MachineUuid,
);
const ALL = [...MACHINES, ...WORKSPACES];
const HOSTS = ['alpha', 'Beta', 'beta', 'Ärger'];
const DAYS = ['2026-01-01', '2026-01-02', '2026-02-01', '2025-12-31', '0001-01-01', '9999-12-31'];
const FOLDERS = ['', '2026-01/', 'projects/atlas/session-logs/', 'projects/Émile/', 'clients/acme/'];
const NAMES = [
  'SESSION-LOG-2026-01-01',
  '2026-01-02-hal-fix-cache',
  '2026-02-01-ana-plan',
  'free',
  'Überblick 日本',
];
const SESSIONS = ['s1', 's2', 'S3:x', 'entry-1'];
const LATE_INDEXES = ['by_session', 'by_path', 'by_client', 'by_project', 'by_user', 'by_kind'];
const TITLES = [null, 'Fix the cache', 'straße łódź', 'plan 2026', '東京 plan'];

// One file for all runs: libsql lets go of a database only when its statements are collected.
const root = mkdtempSync(join(tmpdir(), 'session-log-model-'));
const file = join(root, 'index.db');
const real = createSqliteLogIndex({ file, own: OWN, thread: 'caller' });
afterAll(async () => {
  await real.close();
  rmSync(root, { recursive: true, force: true });
});

const path = fc
  .tuple(fc.constantFrom(...FOLDERS), fc.constantFrom(...NAMES))
  .map(([folder, name]) => `${folder}${name}.md` as LogPath);
const date = fc.constantFrom(...DAYS) as fc.Arbitrary<CalendarDate>;
const time = fc.constantFrom(5, 1_767_225_600_001, 1_767_300_000_000);
const title = fc.constantFrom(...TITLES);
const author = fc.constantFrom(null, 'Hal Ødegård', 'Ana Meyer');
const user = fc.constantFrom(null, 'hal', 'ANA', 'zoe');
const project = fc.constantFrom(null, 'atlas', 'comet');
const client = fc.constantFrom(null, 'globex');
const part: fc.Arbitrary<SessionPart> = fc.record({
  id: fc.constantFrom(...SESSIONS, 'entry-2'),
  time: fc.option(time),
  date,
  title,
  author,
  user,
  project,
  client,
  line: fc.constant(3),
  notes: fc.nat(2),
});
const facts = fc.record({
  path,
  size: fc.nat(1_000),
  mtime: fc.constantFrom(0, 1, 2, -7, 1_767_225_600_000, Number.MAX_SAFE_INTEGER),
  sha256: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
  stored: fc.constantFrom(
    { size: 5, crc32c: 'yZRlqg==', generation: '7' },
    { size: 0, crc32c: '', generation: '' },
  ),
  date,
  title,
  author,
  sessions: fc.nat(3),
  notes: fc.constant([]),
});
const more = fc.record<Partial<LogEntry>>(
  {
    session: fc.constantFrom(...SESSIONS),
    time,
    dateFrom: fc.constant('file' as const),
    commit: fc.constant('c'.repeat(40)),
    user,
    project,
    client,
    tags: fc.subarray(['urgent', 'web ui']),
    parts: fc.array(part, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const entry: fc.Arbitrary<LogEntry> = fc.oneof(
  facts,
  fc.tuple(facts, more).map(([plain, said]) => ({ ...plain, ...said })),
);
const entries = fc.uniqueArray(entry, { selector: (one) => one.path, maxLength: 12 });
const machine = fc.constantFrom(...ALL);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      machine,
      host: fc.constantFrom(...HOSTS),
      entries,
      // How many of the entries stay in the head; the others go to up to two segments.
      inHead: fc.nat(12),
      keep: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), machine }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('cache' as const),
      machine,
      path,
      sha256: fc.constantFrom(null, 'a'.repeat(64), 'b'.repeat(64)),
    }),
  },
);
/** What happens, and whether somebody looks at it then. */
const steps = fc.array(fc.tuple(step, fc.boolean()), { minLength: 1, maxLength: 10 });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values]);
const query: fc.Arbitrary<LogQuery> = fc.record(
  {
    machines: some(ALL),
    users: some(['hal', 'ana', 'ANA', 'zoe', 'nobody']),
    projects: some(['atlas', 'Émile', 'comet']),
    clients: some(['acme', 'globex']),
    kinds: some(['daily', 'session', 'other'] as const),
    places: some(LOG_PLACES),
    files: fc.boolean(),
    from: fc.constantFrom(...DAYS) as fc.Arbitrary<CalendarDate>,
    to: fc.constantFrom(...DAYS) as fc.Arbitrary<CalendarDate>,
    text: fc.constantFrom(
      '',
      'ca',
      'FIX the',
      'hal cache',
      '2026',
      'zzz',
      '"',
      'AND NOT',
      'zoe',
      'urgent',
      'comet fix',
    ),
    order: fc.constantFrom('newest' as const, 'oldest' as const),
    groupBy: fc.constantFrom('day' as const, 'machine' as const),
    offset: fc.nat(20),
    limit: fc.integer({ min: 1, max: 30 }),
  },
  { requiredKeys: [] },
);

interface Pair {
  readonly real: LogIndex;
  readonly plain: LogIndex;
  /** Paths that a machine's segments hold. A head repeats none of them here: the plain index would list such a log twice. */
  readonly inSegments: Map<MachineUuid, ReadonlySet<string>>;
  made: number;
}

async function apply(pair: Pair, one: Step): Promise<void> {
  if (one.kind === 'put') {
    await applyPut(pair, one);
    return;
  }
  for (const index of [pair.real, pair.plain])
    unwrap(
      one.kind === 'drop'
        ? await index.dropShard(one.machine)
        : await index.setCached([{ id: `${one.machine}/${one.path}` as LogId, sha256: one.sha256 }]),
    );
}

/** Either all is told anew, or the known segments stay and only the head changes. */
async function applyPut(pair: Pair, one: Extract<Step, { kind: 'put' }>): Promise<void> {
  const shards = unwrap(await pair.real.knownShards());
  const known = shards.find((shard) => shard.machine === one.machine)?.segments ?? [];
  const keep = one.keep && known.length > 0;
  const held = keep ? pair.inSegments.get(one.machine) : new Set<string>();
  const head = one.entries.slice(0, one.inHead).filter((log) => !held?.has(log.path));
  const rest = keep ? [] : one.entries.slice(one.inHead);
  const segments = [rest.filter((_, at) => at % 2 === 0), rest.filter((_, at) => at % 2 === 1)]
    .filter((list) => list.length > 0)
    .map((list) => ({ name: `segment-${pair.made++}`, entries: list }));
  if (!keep) pair.inSegments.set(one.machine, new Set(rest.map((log) => log.path)));
  const content = {
    ...(WORKSPACES.includes(one.machine) ? { kind: 'workspace' as const } : {}),
    machine: one.machine,
    host: one.host,
    updated: pair.made,
    generation: String(pair.made++),
    segments: keep ? known : segments.map((segment) => segment.name),
    receipts: [],
  };
  for (const index of [pair.real, pair.plain]) unwrap(await index.putShard(content, head, segments));
}

async function compare({ real, plain }: Pair, queries: readonly LogQuery[]): Promise<void> {
  for (const query of queries) {
    const [is, should] = [unwrap(await real.page(query)), unwrap(await plain.page(query))];
    expect(is.rows, JSON.stringify(query)).toEqual(should.rows);
    expect(is.total).toBe(should.total);
    expect(unwrap(await real.groups(query)), JSON.stringify(query)).toEqual(
      unwrap(await plain.groups(query)),
    );
  }
  const sorted = (rows: readonly MachineRow[]): unknown =>
    rows
      .map(({ cachedLogs, ...row }) => ({ ...row, cachedLogs: row.own ? 0 : cachedLogs }))
      .sort((a, b) => (a.machine < b.machine ? -1 : 1));
  expect(sorted(unwrap(await real.machines()))).toEqual(sorted(unwrap(await plain.machines())));
  for (const uuid of ALL) expect(unwrap(await real.entries(uuid))).toEqual(unwrap(await plain.entries(uuid)));
  const days = async (index: LogIndex): Promise<string[]> =>
    unwrap(await index.days({})).map(({ machine: by, date: day, logs }) => `${by} ${day} ${logs}`);
  expect((await days(real)).sort()).toEqual((await days(plain)).sort());
  const facets = async (index: LogIndex): Promise<unknown> => {
    const { users, projects, clients, ...counts } = unwrap(await index.facets());
    const lists = [users, projects, clients].map((values) =>
      values.map(({ value, logs }) => `${value} ${logs}`).sort(),
    );
    return { lists, ...counts };
  };
  expect(await facets(real)).toEqual(await facets(plain));
}

/** Every row by its id, and the copies of its session. */
async function compareRows({ real, plain }: Pair): Promise<void> {
  const shown = unwrap(await plain.page({ limit: 1_000 })).rows;
  const files = unwrap(await plain.page({ files: true, limit: 1_000 })).rows;
  for (const { id } of [...shown, ...files]) {
    const copies = unwrap(await plain.copies(id));
    expect(unwrap(await real.copies(id)), id).toEqual(copies);
    for (const copy of [id, ...copies.map((row) => row.id)])
      expect(unwrap(await real.row(copy)), copy).toEqual(unwrap(await plain.row(copy)));
  }
}

/** What no query shows: sums that are kept beside the rows, and the word list. */
function checkTables(db: SqliteConnection): void {
  const nothing = (sql: string): void => expect(db.all(sql), sql).toEqual([]);
  nothing(`select no from shards s where logs <> (select count(*) from logs where machine = s.no and view < 2)
    or files <> (select count(*) from logs where machine = s.no and part is null)
    or bytes <> (select coalesce(sum(entry ->> 'size'), 0) from logs where machine = s.no and part is null)
    or stored <> (select count(*) from logs where machine = s.no and part is null and entry ->> '$.stored.generation' <> '')
    or cached <> (select count(*) from logs where machine = s.no and part is null and here = 1)`);
  const counted = `select ${daySql('id')}, ${machineSql('id')}, sum(view < 2) shown, sum(part is null) files
    from logs group by 1, 2 having shown > 0 or files > 0`;
  nothing(`select day, machine, logs, files from days except ${counted}`);
  nothing(`${counted} except select day, machine, logs, files from days`);
  for (const facet of FACETS) {
    const found = `select machine, count(*) from logs where ${facet} is not null and view < 2 group by machine, ${facet}`;
    const kept = `select machine, logs from facets where facet = ${FACETS.indexOf(facet)}`;
    nothing(`${kept} except ${found}`);
    nothing(`${found} except ${kept}`);
    nothing(`select logs from facets f where facet = ${FACETS.indexOf(facet)}
      and logs <> (select count(*) from logs where machine = f.machine and ${facet} = f.value and view < 2)`);
  }
  nothing('select id from logs where leader is not null and (view < 2) <> (leader = id)');
  nothing('select id from logs where leader is not null and leader not in (select id from logs)');
  nothing('select id from logs where view & 1 <> (part is not null)');
  nothing(`select id from logs where machine <> ${machineSql('id')}`);
  nothing(`select id from logs where replace(entry ->> 'date', '-', '') + 0 <> ${daySql('id')}`);
  nothing('select id from word_queue where id not in (select id from logs)');
  // The list must hold exactly the rows that do not wait.
  nothing('select rowid from words except select id from logs where id not in (select id from word_queue)');
  nothing('select id from logs where id not in (select id from word_queue) except select rowid from words');
  db.exec(`insert into words (words) values ('integrity-check')`);
  expect(db.pragma('integrity_check')).toBe('ok');
}

async function empty(): Promise<void> {
  for (const machine of ALL) {
    unwrap(await real.dropShard(machine));
    const cached = unwrap(await real.cachedDigests(machine));
    unwrap(
      await real.setCached(cached.map(({ path }) => ({ id: `${machine}/${path}` as LogId, sha256: null }))),
    );
  }
}

describe('the index and the plain one', () => {
  it('answer alike, whatever comes', { timeout: 300_000 }, async () => {
    unwrap(await real.version());
    const tables = openConnection(file, 1_000);
    await fc.assert(
      fc.asyncProperty(steps, fc.array(query, { minLength: 3, maxLength: 3 }), async (happened, queries) => {
        await empty();
        for (const name of LATE_INDEXES) tables.exec(`drop index if exists ${name}`);
        tables.exec('update meta set sessions = 0');
        const plain = createMemoryLogIndex(OWN, {} as Files);
        const pair: Pair = { real, plain, inSegments: new Map(), made: 1 };
        for (const [at, [one, look]] of happened.entries()) {
          await apply(pair, one);
          if (look || at === happened.length - 1) await compare(pair, queries);
        }
        await compareRows(pair);
        checkTables(tables);
      }),
      { numRuns: 120, seed: 20_261_121 },
    );
    tables.close();
  });
});
