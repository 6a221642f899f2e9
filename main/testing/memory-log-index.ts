import { appError } from '../../shared/app-error.ts';
import { logId, type LogId, type LogPath, type MachineUuid } from '../../shared/domain/ids.ts';
import type { LogEntry } from '../../shared/domain/log-entry.ts';
import { entryFacts } from '../../shared/domain/entry-facts.ts';
import { parseLogName } from '../../shared/domain/log-name.ts';
import { parseLogId } from '../../shared/domain/log-path.ts';
import type { LogQuery, LogRow, MachineRow, NoteRow } from '../../shared/domain/log-query.ts';
import { err, ok } from '../../shared/result.ts';
import type { Files } from '../core/ports/files.ts';
import type { LogIndex, ShardContent, ShardEntries } from '../core/ports/log-index.ts';

interface Shard {
  readonly content: ShardContent;
  readonly head: readonly LogEntry[];
  readonly segments: ReadonlyMap<string, readonly LogEntry[]>;
}

/**
 * The index in memory, for simulations of many machines: plain filters over all rows, so simple that it can judge the real one. Held
 * to the same tests.
 */
export function createMemoryLogIndex(own: MachineUuid, files: Files): LogIndex {
  const shards = new Map<MachineUuid, Shard>();
  const cached = new Map<LogId, string>();
  let version = 0;

  const entriesOf = (machine: MachineUuid): LogEntry[] => {
    const shard = shards.get(machine);
    if (!shard) return [];
    return [...shard.head, ...[...shard.segments.values()].flat()].sort((a, b) => (a.path < b.path ? -1 : 1));
  };
  const rowOf = (machine: MachineUuid, entry: LogEntry): LogRow => {
    const id = logId(machine, entry.path);
    const name = parseLogName(entry.path);
    const { path, date, mtime, size, sha256, title, author, sessions } = entry;
    const digest = cached.get(id);
    const place = machine === own ? 'local' : digest === undefined ? 'store' : 'cached';
    const host = shards.get(machine)?.content.host ?? '';
    return {
      id,
      machine,
      host,
      path,
      date,
      mtime,
      size,
      sha256,
      title,
      author,
      sessions,
      kind: name.kind,
      topic: name.topic,
      ...entryFacts(entry, name),
      session: entry.session ?? null,
      time: entry.time ?? null,
      dateGuessed: entry.dateFrom === 'file',
      tags: entry.tags ?? [],
      copies: 0,
      notes: entry.notes.length,
      place,
      backedUp: entry.stored.generation !== '',
      stale: place === 'cached' && digest !== sha256,
    };
  };
  const rows = (): LogRow[] =>
    [...shards.keys()].flatMap((machine) => entriesOf(machine).map((entry) => rowOf(machine, entry)));
  const found = (query: LogQuery): LogRow[] =>
    rows()
      .filter((row) => matches(row, query))
      .sort(ordering(query, own));

  return {
    knownShards: async () =>
      ok(
        [...shards.values()].map(({ content }) => ({
          machine: content.machine,
          generation: content.generation,
          segments: content.segments,
        })),
      ),
    expectMachines: async () => undefined,
    putShard: async (content, head, newSegments) => {
      const before = shards.get(content.machine)?.segments ?? new Map<string, readonly LogEntry[]>();
      const given = new Map(newSegments.map((segment) => [segment.name, unpacked(segment.entries)]));
      const segments = new Map<string, readonly LogEntry[]>();
      for (const name of content.segments) {
        const entries = before.get(name) ?? given.get(name);
        if (!entries)
          return err(appError('invalid-input', `The segment ${name} is missing.`, 'Read the index again.'));
        segments.set(name, entries);
      }
      shards.set(content.machine, { content, head: unpacked(head), segments });
      version++;
      return ok(undefined);
    },
    dropShard: async (machine) => {
      if (shards.delete(machine)) version++;
      return ok(undefined);
    },
    setCached: async (changes) => {
      for (const { id, sha256 } of changes)
        if (sha256 === null) cached.delete(id);
        else cached.set(id, sha256);
      version++;
      return ok(undefined);
    },
    cachedDigests: async (machine) =>
      ok(
        [...cached].flatMap(([id, sha256]) => {
          const parsed = parseLogId(id);
          return parsed.ok && parsed.value.machine === machine ? [{ path: parsed.value.path, sha256 }] : [];
        }),
      ),
    page: async (query) => {
      const all = found(query);
      const offset = query.offset ?? 0;
      return ok({
        rows: all.slice(offset, offset + Math.min(query.limit ?? 200, 1000)),
        total: all.length,
        version,
      });
    },
    groups: async (query) => {
      const counts = new Map<string, number>();
      for (const row of found(query)) {
        const key = query.groupBy === 'machine' ? row.machine : row.date;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return ok([...counts].map(([key, logs]) => ({ key, logs })));
    },
    row: async (id) => ok(rows().find((row) => row.id === id) ?? null),
    copies: async (id) => ok(rows().filter((row) => row.id === id)),
    entries: async (machine) => ok(entriesOf(machine)),
    machines: async () =>
      ok(
        [...shards.values()].map((shard) => machineRow(shard, entriesOf(shard.content.machine), cached, own)),
      ),
    days: async (query) => {
      const counts = new Map<string, number>();
      for (const row of found(query))
        counts.set(`${row.machine} ${row.date}`, (counts.get(`${row.machine} ${row.date}`) ?? 0) + 1);
      return ok(
        [...counts].map(([key, logs]) => ({
          machine: key.split(' ')[0] as MachineUuid,
          date: key.split(' ')[1] as LogRow['date'],
          logs,
        })),
      );
    },
    notes: async () =>
      ok([...shards.keys()].flatMap((machine) => notesOf(machine, shards, entriesOf(machine)))),
    receipts: async () =>
      ok(
        [...shards.values()].flatMap(({ content }) =>
          content.receipts.map((receipt) => ({ ...receipt, machine: content.machine, host: content.host })),
        ),
      ),
    facets: async () =>
      ok({
        users: distinct(rows(), 'user'),
        projects: distinct(rows(), 'project'),
        clients: distinct(rows(), 'client'),
      }),
    version: async () => ok(version),
    exportTo: (path) => {
      const sources = Object.fromEntries(
        [...shards.values()].map(({ content }) => [content.machine, { generation: content.generation }]),
      );
      const entries = [...shards.keys()].flatMap((machine) =>
        entriesOf(machine).map((entry) => ({ machine, ...entry })),
      );
      const head = JSON.stringify({ schema: 1, builtAt: Date.now(), sources, entries: [] }).slice(0, -2);
      const list = entries.map((entry) => JSON.stringify(entry)).join(',\n');
      return files.replace(path, new TextEncoder().encode(`${head}\n${list}\n]}\n`));
    },
    close: async () => undefined,
  };
}

function unpacked(entries: ShardEntries): readonly LogEntry[] {
  if (!('bytes' in entries)) return entries;
  const { paths, bytes, starts, ends } = entries;
  return paths.map((path, at) => {
    const text = new TextDecoder().decode(bytes.subarray(starts[at], ends[at]));
    return { path: path as LogPath, ...(JSON.parse(text) as Omit<LogEntry, 'path'>) };
  });
}

function matches(row: LogRow, query: LogQuery): boolean {
  const among = <T>(values: readonly T[] | undefined, value: T | null): boolean =>
    values === undefined || values.length === 0 || (value !== null && values.includes(value));
  const words =
    (query.text ?? '')
      .normalize('NFKD')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const text =
    [row.title, row.topic, row.user, row.author, row.project, row.client, row.host, row.path]
      .join(' ')
      .normalize('NFKD')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return (
    among(query.machines, row.machine) &&
    among(query.users, row.user) &&
    among(query.projects, row.project) &&
    among(query.clients, row.client) &&
    among(query.kinds, row.kind) &&
    among(query.places, row.place) &&
    (query.from === undefined || row.date >= query.from) &&
    (query.to === undefined || row.date <= query.to) &&
    words.every((word) => text.some((part) => part.startsWith(word)))
  );
}

function ordering(query: LogQuery, own: MachineUuid): (a: LogRow, b: LogRow) => number {
  const sign = query.order === 'oldest' ? 1 : -1;
  const byTime = (a: LogRow, b: LogRow): number =>
    a.date === b.date ? sign * (a.mtime - b.mtime) || (a.id < b.id ? -1 : 1) : a.date < b.date ? -sign : sign;
  if (query.groupBy !== 'machine') return byTime;
  const rank = (row: LogRow): string =>
    `${row.machine === own ? 0 : 1} ${row.host.toLowerCase()} ${row.machine}`;
  return (a, b) => (rank(a) === rank(b) ? byTime(a, b) : rank(a) < rank(b) ? -1 : 1);
}

function machineRow(
  { content }: Shard,
  entries: readonly LogEntry[],
  cached: ReadonlyMap<LogId, string>,
  own: MachineUuid,
): MachineRow {
  const dates = entries.map((entry) => entry.date).sort();
  return {
    machine: content.machine,
    host: content.host,
    own: content.machine === own,
    logs: entries.length,
    bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
    cachedLogs: entries.filter((entry) => cached.has(logId(content.machine, entry.path))).length,
    firstDate: dates[0] ?? null,
    lastDate: dates.at(-1) ?? null,
    lastSeen: content.generation === 'local' ? null : content.updated,
  };
}

function notesOf(
  machine: MachineUuid,
  shards: ReadonlyMap<MachineUuid, Shard>,
  entries: readonly LogEntry[],
): NoteRow[] {
  const host = shards.get(machine)?.content.host ?? '';
  const all = [...shards.values()].flatMap(({ content }) =>
    content.receipts.map((receipt) => ({ receipt, machine: content.machine, host: content.host })),
  );
  return entries.flatMap(({ path, notes }: { readonly path: LogPath; readonly notes: LogEntry['notes'] }) =>
    notes.map((note) => ({
      ...note,
      machine,
      host,
      path,
      receipts: all
        .filter(({ receipt }) => receipt.note === note.hash)
        .map(({ receipt, ...by }) => ({
          reader: receipt.reader,
          at: receipt.at,
          state: receipt.state,
          ...by,
        })),
    })),
  );
}

function distinct(rows: readonly LogRow[], key: 'user' | 'project' | 'client'): string[] {
  return [...new Set(rows.flatMap((row) => row[key] ?? []))].sort();
}
