import type { Answer } from '../../../shared/app-error.ts';
import { entryFacts } from '../../../shared/domain/entry-facts.ts';
import type { LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { sessionOf } from '../../../shared/domain/session-parts.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import { nameOf } from '../files/folder-path.ts';
import { describeLog, NOT_STORED } from '../logs/describe-log.ts';
import { MOST_READ } from '../repository/git-history.ts';
import { inMemory } from '../store/in-memory.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import type { DeletedLog } from './deleted-logs-file.ts';
import type { WorkspaceRoot } from './workspace-roots.ts';

export type DeletedLogsDeps = Pick<
  SyncDeps,
  'files' | 'index' | 'clock' | 'bytes' | 'self' | 'surroundings' | 'paths' | 'history' | 'leaving'
>;

/** What a scan of a workspace knows of logs no longer in it. */
export interface GoneLogs {
  /** From the index; those with a commit were gone before. */
  readonly listed: readonly LogEntry[];
  /** Those only in the record of deleted logs. */
  readonly recalled: readonly DeletedLog[];
  /** The present logs. */
  readonly here: readonly LogEntry[];
  /** Those of them that are new since the last scan. */
  readonly fresh: ReadonlySet<LogPath>;
  /** Most logs to keep. */
  readonly room: number;
  /** When to stop reading, epoch milliseconds. */
  readonly stop: number;
}

/** Logs gone from a workspace but still findable: git has deleted or moved them, and a commit has them. */
export interface KeptLogs {
  readonly entries: readonly LogEntry[];
  /** Listed unchanged until the next scan reads them from git. */
  readonly waiting: number;
  /** Logs whose commit is gone: somebody rewrote the history. */
  readonly lost: number;
  /** Why git failed; everything is then listed as before. */
  readonly problem: string | null;
}

const NOTHING: KeptLogs = { entries: [], waiting: 0, lost: 0, problem: null };
/** Logs read from git at once, and their bytes. */
const [BATCH, BATCH_BYTES] = [64, 4 * 1024 * 1024];

/**
 * Finds logs gone from a workspace that git still has. A moved one is listed at its new path, and one whose session was forgotten nowhere.
 */
export async function keepFromGit(
  deps: DeletedLogsDeps,
  { root, machine }: WorkspaceRoot,
  gone: GoneLogs,
): Answer<KeptLogs> {
  if (gone.listed.length + gone.recalled.length === 0) return ok(NOTHING);
  const drops = await droppedBy(deps, machine, gone);
  if (!drops.ok) return drops;
  const listed = gone.listed.filter((entry) => !drops.value(entry));
  const asked = await askGit(deps, root, listed, gone.recalled);
  if (!asked.ok) return ok({ ...NOTHING, entries: listed, problem: asked.error.message });
  const { there, lost } = asked.value;
  const kept = there.sort(newestFirst).slice(0, Math.max(0, gone.room));
  const read = await describeAll(deps, root, kept, gone.stop);
  return mapOk(read, ({ entries, waiting }) => ({
    entries: entries.filter((entry) => !drops.value(entry)),
    waiting,
    lost,
    problem: null,
  }));
}

/** A log in a commit, and its known facts. */
interface InCommit extends DeletedLog {
  readonly size: number;
  readonly entry: LogEntry | null;
}

/** Finds commits not looked up yet, and checks that the others still exist. */
async function askGit(
  { history }: DeletedLogsDeps,
  root: string,
  listed: readonly LogEntry[],
  recalled: readonly DeletedLog[],
): Answer<{ readonly there: InCommit[]; readonly lost: number }> {
  const unknown = listed.filter(({ commit }) => commit === undefined).map(({ path }) => path);
  const found =
    unknown.length === 0 ? ok(new Map<LogPath, string>()) : await history.lastCommits(root, unknown);
  if (!found.ok) return found;
  const named = [
    ...listed.flatMap((entry) => {
      const commit = entry.commit ?? found.value.get(entry.path);
      return commit === undefined ? [] : [{ path: entry.path, mtime: entry.mtime, commit, entry }];
    }),
    ...recalled.map((log) => ({ ...log, entry: null })),
  ];
  const sizes = await history.sizes(root, named);
  if (!sizes.ok) return sizes;
  const there = named.flatMap((log, at) => {
    const size = sizes.value[at] ?? null;
    return size === null || size > MOST_READ ? [] : [{ ...log, size }];
  });
  return ok({ there, lost: named.length - there.length });
}

/** By the day in their names, as for present logs. */
function newestFirst(one: InCommit, other: InCommit): number {
  const day = ({ path, entry }: InCommit): string => parseLogName(path).date ?? entry?.date ?? '';
  return day(one) < day(other) ? 1 : day(one) > day(other) ? -1 : 0;
}

/** Describes logs not yet described from their commit; those out of time stay as they were. */
async function describeAll(
  deps: DeletedLogsDeps,
  root: string,
  logs: readonly InCommit[],
  stop: number,
): Answer<Pick<KeptLogs, 'entries' | 'waiting'>> {
  const entries = logs.flatMap(({ entry }) => (entry?.commit === undefined ? [] : [entry]));
  const left = logs.filter(({ entry }) => entry?.commit === undefined);
  // The first are read on the slowest machine too, so that each look gets further.
  let isFirst = true;
  while (left.length > 0 && (isFirst || deps.clock.now() <= stop)) {
    isFirst = false;
    const batch = nextBatch(left);
    const read = await deps.history.read(root, batch);
    if (!read.ok) return read;
    for (const [at, log] of batch.entries()) {
      const bytes = read.value[at];
      if (bytes) entries.push(await describe(deps, log, bytes));
    }
  }
  const waiting = left.flatMap(({ entry }) => (entry === null ? [] : [entry]));
  return ok({ entries: [...entries, ...waiting], waiting: left.length });
}

function nextBatch(left: InCommit[]): readonly InCommit[] {
  let [count, bytes] = [0, 0];
  while (count < Math.min(left.length, BATCH) && (count === 0 || bytes < BATCH_BYTES))
    bytes += left[count++]?.size ?? 0;
  return left.splice(0, count);
}

async function describe(
  deps: DeletedLogsDeps,
  { path, commit, mtime }: InCommit,
  bytes: Uint8Array,
): Promise<LogEntry> {
  const leaving = await deps.leaving(bytes);
  // What cannot be scanned for secrets is not shown.
  const shown = leaving.ok ? leaving.value : new Uint8Array();
  const measured = {
    size: shown.length,
    mtimeMs: mtime,
    sha256: deps.bytes.sha256(shown),
    source: inMemory(shown),
  };
  return { ...(await describeLog(deps, path, measured, NOT_STORED)), commit };
}

/** Which logs not to keep: they are available elsewhere, or their session was forgotten. */
async function droppedBy(
  deps: DeletedLogsDeps,
  workspace: MachineUuid,
  { listed, here, fresh }: GoneLogs,
): Answer<(entry: LogEntry) => boolean> {
  const forgotten = await forgottenSessions(deps);
  if (!forgotten.ok) return forgotten;
  const others = listed.some(({ commit }) => commit === undefined)
    ? await elsewhere(deps, workspace)
    : ok([]);
  if (!others.ok) return others;
  const digests = new Set([...here, ...others.value].map(({ sha256 }) => sha256));
  const sessions = new Set(here.flatMap(personsSession));
  const arrived = new Set(here.filter(({ path }) => fresh.has(path)).map(nameAndTitle));
  return ok(
    (entry) =>
      (entry.session !== undefined && forgotten.value.has(entry.session)) ||
      digests.has(entry.sha256) ||
      personsSession(entry).some((session) => sessions.has(session)) ||
      arrived.has(nameAndTitle(entry)),
  );
}

/** Logs of this machine and of its other workspaces: one may have been moved there. */
async function elsewhere(
  { index, self, surroundings }: DeletedLogsDeps,
  workspace: MachineUuid,
): Answer<readonly LogEntry[]> {
  const machines = [self.uuid, ...(await surroundings.workspaces()).map(({ machine }) => machine)];
  const found: LogEntry[] = [];
  for (const machine of machines.filter((one) => one !== workspace)) {
    const entries = await index.entries(machine);
    if (!entries.ok) return entries;
    found.push(...entries.value.filter(({ commit }) => commit === undefined));
  }
  return ok(found);
}

function personsSession(entry: LogEntry): readonly string[] {
  const session = sessionOf(entry);
  return session === null ? [] : [`${session} ${entryFacts(entry, parseLogName(entry.path)).user ?? ''}`];
}

/** What a log keeps when moved to another folder and edited. */
function nameAndTitle({ path, title }: LogEntry): string {
  return `${nameOf(path)} ${title ?? ''}`;
}

async function forgottenSessions(deps: DeletedLogsDeps): Answer<ReadonlySet<string>> {
  const [own, others] = await Promise.all([deps.surroundings.forgottenSessions(), deps.index.marks()]);
  if (!own.ok) return own;
  if (!others.ok) return others;
  return ok(
    new Set([
      ...own.value,
      ...others.value.flatMap((mark) =>
        mark.kind === 'forget' && mark.what === 'log' && mark.session !== undefined ? [mark.session] : [],
      ),
    ]),
  );
}
