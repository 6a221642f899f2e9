import { capturedAgent } from '../../shared/domain/captured-log.ts';
import { appError } from '../../shared/app-error.ts';
import { logId, type LogId, type LogPath, type MachineUuid } from '../../shared/domain/ids.ts';
import type { LogEntry } from '../../shared/domain/log-entry.ts';
import { parseLogId } from '../../shared/domain/log-path.ts';
import {
  LOG_PLACES,
  type FilterValue,
  type LogFacets,
  type LogQuery,
  type LogRow,
  type MachineRow,
  type NoteRow,
} from '../../shared/domain/log-query.ts';
import {
  byFullness,
  copyRow,
  joinCopies,
  sessionRow,
  type SessionCopy,
} from '../../shared/domain/session-copies.ts';
import { isNoSession, partsOf } from '../../shared/domain/session-parts.ts';
import { err, ok } from '../../shared/result.ts';
import type { Files } from '../core/ports/files.ts';
import type { LogIndex, ShardContent, ShardEntries } from '../core/ports/log-index.ts';
import { fileRow, isWorkspace, partRow, placeOf } from './memory-rows.ts';

interface Shard {
  readonly content: ShardContent;
  readonly head: readonly LogEntry[];
  readonly segments: ReadonlyMap<string, readonly LogEntry[]>;
}

/** A row with what decides whether it is shown. */
interface Candidate extends SessionCopy {
  /** A daily log all of whose sessions are rows. */
  readonly covered: boolean;
}

/** A row of the list as it is shown, and the texts that find it. */
interface Shown {
  readonly row: LogRow;
  readonly texts: readonly LogRow[];
}

/**
 * The index in memory, for simulations of many machines: plain filters over all rows, so simple that it can judge the real one. Held
 * to the same tests.
 */
export function createMemoryLogIndex(own: MachineUuid, files: Files): LogIndex {
  const shards = new Map<MachineUuid, Shard>();
  const cached = new Map<LogId, string>();
  const deleted = new Set<LogPath>();
  let version = 0;

  const entriesOf = (machine: MachineUuid): LogEntry[] => {
    const shard = shards.get(machine);
    if (!shard) return [];
    return [...shard.head, ...[...shard.segments.values()].flat()].sort((a, b) => (a.path < b.path ? -1 : 1));
  };
  const machines = (): Shard[] => [...shards.values()].filter(({ content }) => !isWorkspace(content));
  const candidatesOf = ({ content }: Shard, entry: LogEntry): Candidate[] => {
    const workspace = isWorkspace(content);
    const digest = cached.get(logId(content.machine, entry.path));
    const row = fileRow(
      content,
      entry,
      placeOf(content, entry, digest, own, deleted.has(entry.path)),
      digest,
    );
    const parts = partsOf(entry).map((part) => ({
      row: partRow(row, part),
      workspace,
      part: true,
      covered: false,
    }));
    return [{ row, workspace, part: false, covered: isNoSession(entry, entry.path) }, ...parts];
  };
  const candidates = (): Candidate[] =>
    [...shards.values()].flatMap((shard) =>
      entriesOf(shard.content.machine).flatMap((entry) => candidatesOf(shard, entry)),
    );
  const sessions = (): (readonly Candidate[])[] => {
    const byId = new Map<string, Candidate[]>();
    const alone: Candidate[][] = [];
    for (const candidate of candidates()) {
      const { session } = candidate.row;
      if (session === null) alone.push([candidate]);
      else byId.set(session, [...(byId.get(session) ?? []), candidate]);
    }
    return [
      ...alone,
      ...[...byId.values()].flatMap((copies) => joinCopies(copies) as (readonly Candidate[])[]),
    ];
  };
  const shown = (asFiles = false): Shown[] =>
    sessions().flatMap((session) => {
      const [first, ...others] = session;
      // Whoever is shown is found by the words of all copies, each other by its own.
      const texts = session.map((copy) => copy.row);
      if (asFiles)
        return session
          .filter(({ part }) => !part)
          .map((copy) => ({ row: copyRow(copy, session), texts: copy === first ? texts : [copy.row] }));
      return !first || first.covered ? [] : [{ row: sessionRow([first, ...others]), texts }];
    });
  const found = (query: LogQuery): LogRow[] =>
    shown(query.files)
      .filter((one) => matches(one, query))
      .map(({ row }) => row)
      .sort(ordering(query, own));
  /** A log of that name before a session inside another. */
  const sessionWith = (id: LogId): readonly Candidate[] => {
    const named = [false, true].flatMap((part) =>
      sessions().filter((session) => session.some((copy) => copy.row.id === id && copy.part === part)),
    );
    return named[0] ?? [];
  };

  return {
    knownShards: async () =>
      ok(
        machines().map(({ content }) => ({
          machine: content.machine,
          generation: content.generation,
          segments: content.segments,
        })),
      ),
    workspaces: async () =>
      ok(
        [...shards.values()].flatMap(({ content }) => (content.kind === 'workspace' ? content.machine : [])),
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
    setDeleted: async (paths) => {
      const same = paths.length === deleted.size && paths.every((path) => deleted.has(path));
      deleted.clear();
      for (const path of paths) deleted.add(path);
      if (!same) version++;
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
    row: async (id) => {
      const session = sessionWith(id);
      const [first, ...others] = session;
      if (first?.row.id === id) return ok(sessionRow([first, ...others]));
      const copy = session.find(({ row }) => row.id === id);
      return ok(copy ? copyRow(copy, session) : null);
    },
    copies: async (id) => {
      const session = sessionWith(id);
      return ok(byFullness(session).map((copy) => copyRow(copy, session)));
    },
    entries: async (machine, paths) =>
      ok(entriesOf(machine).filter(({ path }) => paths?.includes(path) !== false)),
    machines: async () => {
      const rows = found({});
      return ok(
        machines().map((shard) => {
          const { machine } = shard.content;
          return machineRow(
            shard,
            entriesOf(machine),
            rows.filter((row) => row.machine === machine),
            cached,
            own,
          );
        }),
      );
    },
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
      ok(machines().flatMap(({ content }) => notesOf(content.machine, shards, entriesOf(content.machine)))),
    receipts: async () =>
      ok(
        machines().flatMap(({ content }) =>
          content.receipts.map((receipt) => ({ ...receipt, machine: content.machine, host: content.host })),
        ),
      ),
    marks: async () =>
      ok(
        machines().flatMap(({ content }) =>
          (content.marks ?? []).map((mark) => ({ ...mark, machine: content.machine, host: content.host })),
        ),
      ),
    facets: async () => {
      const rows = found({});
      const captured = rows.filter(({ path }) => capturedAgent(path) !== null);
      return ok({
        users: valuesOf(rows, 'user'),
        projects: valuesOf(rows, 'project'),
        clients: valuesOf(rows, 'client'),
        places: Object.fromEntries(
          LOG_PLACES.map((place) => [place, rows.filter((row) => row.place === place).length]),
        ) as LogFacets['places'],
        captured: captured.length,
        written: rows.length - captured.length,
      });
    },
    version: async () => ok(version),
    exportTo: (path) => {
      const sources = Object.fromEntries(
        machines().map(({ content: { machine, host, generation } }) => [machine, { host, generation }]),
      );
      const entries = machines().flatMap(({ content: { machine } }) =>
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

function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize('NFKD')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function matches({ row, texts }: Shown, query: LogQuery): boolean {
  const among = <T>(values: readonly T[] | undefined, value: T | null): boolean =>
    values === undefined || values.length === 0 || (value !== null && values.includes(value));
  const words = wordsOf(query.text ?? '');
  const text = texts.flatMap((one) =>
    wordsOf(
      [
        one.title,
        one.topic,
        one.user,
        one.author,
        one.project,
        one.client,
        ...one.tags,
        one.host,
        one.path,
      ].join(' '),
    ),
  );
  return (
    among(query.machines, row.machine) &&
    among(query.users, row.user) &&
    among(query.projects, row.project) &&
    among(query.clients, row.client) &&
    among(query.kinds, row.kind) &&
    among(query.places, row.place) &&
    (query.captured === undefined || query.captured === (capturedAgent(row.path) !== null)) &&
    (query.from === undefined || row.date >= query.from) &&
    (query.to === undefined || row.date <= query.to) &&
    words.every((word) => text.some((part) => part.startsWith(word)))
  );
}

function ordering(query: LogQuery, own: MachineUuid): (a: LogRow, b: LogRow) => number {
  const sign = query.order === 'oldest' ? 1 : -1;
  const byTime = (a: LogRow, b: LogRow): number =>
    a.date === b.date
      ? sign * ((a.time ?? a.mtime) - (b.time ?? b.mtime)) || (a.id < b.id ? -1 : 1)
      : a.date < b.date
        ? -sign
        : sign;
  if (query.groupBy !== 'machine') return byTime;
  const rank = (row: LogRow): string =>
    `${row.machine === own ? 0 : 1} ${row.host.toLowerCase()} ${row.machine}`;
  return (a, b) => (rank(a) === rank(b) ? byTime(a, b) : rank(a) < rank(b) ? -1 : 1);
}

function machineRow(
  { content }: Shard,
  entries: readonly LogEntry[],
  rows: readonly LogRow[],
  cached: ReadonlyMap<LogId, string>,
  own: MachineUuid,
): MachineRow {
  const dates = rows.map((row) => row.date).sort();
  return {
    machine: content.machine,
    host: content.host,
    own: content.machine === own,
    logs: rows.length,
    bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
    cachedLogs: entries.filter((entry) => cached.has(logId(content.machine, entry.path))).length,
    firstDate: dates[0] ?? null,
    lastDate: dates.at(-1) ?? null,
    lastSeen: content.generation.startsWith('local') ? null : content.updated,
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

function valuesOf(rows: readonly LogRow[], key: 'user' | 'project' | 'client'): FilterValue[] {
  const names = rows.flatMap((row) => row[key] ?? []);
  return [...new Set(names)]
    .sort()
    .map((value) => ({ value, logs: names.filter((name) => name === value).length }));
}
