import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { isObject, parseJson } from '../../../shared/json.ts';
import { isHookSession, type HookSession } from './hook-session.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Locks } from '../ports/lock.ts';
import { folderPath, inFolder, nameOf, parentOf } from '../files/folder-path.ts';
import { withLock } from '../files/with-lock.ts';
import type { DataPaths } from '../files/data-paths.ts';

/** A hook's request, for whoever has the time: the next command or the app. */
export type QueueRecord =
  /** Pull the index. */
  | { readonly kind: 'index-pull'; readonly at: number }
  /** Push this machine's logs. */
  | { readonly kind: 'push'; readonly at: number }
  /** Check all agent sessions. */
  | { readonly kind: 'sweep'; readonly at: number }
  /** Check one of them. */
  | ({ readonly kind: 'session'; readonly at: number } & HookSession)
  /** Notes a hook has shown to a reader; becomes receipts. */
  | {
      readonly kind: 'notes-shown';
      readonly at: number;
      readonly reader: string;
      readonly notes: readonly string[];
    };

/** All that is queued, deduplicated. */
export interface QueueWork {
  readonly indexPull: boolean;
  readonly push: boolean;
  /** Check all agent sessions, and these at once. */
  readonly sweep: boolean;
  readonly sessions: readonly HookSession[];
  readonly shown: readonly { readonly reader: string; readonly notes: readonly string[] }[];
}

export type QueuePaths = Pick<DataPaths, 'queue' | 'queueLock'>;

export interface QueueDeps {
  readonly files: Files;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  readonly paths: QueuePaths;
}

/** The result for the work a drain took. */
export interface Undone {
  /** What stays queued for the next drain. */
  readonly left: QueueWork;
  /** The first failure, whether it stays queued or not; null for none. */
  readonly problem: AppError | null;
}

/** A drain's result. */
export interface Drained extends Undone {
  /** `busy`: another process does it. */
  readonly outcome: 'empty' | 'done' | 'busy';
  readonly work: QueueWork;
}

const TAKEN = /^queue\.taken-[0-9a-f-]+\.jsonl$/;
/** No work at all. */
export const NOTHING: QueueWork = { indexPull: false, push: false, sweep: false, sessions: [], shown: [] };
/** A drainer that finds the lock held leaves at once: the owner does the work. */
const LOCK_WAIT_MS = 0;

/**
 * Adds a record. One append without waiting for the disk: a hook must be quick, and the next daily sync finds by itself what a power cut
 * loses. The leading line break separates the record from a torn one.
 */
export async function enqueue(
  deps: { readonly files: Files; readonly paths: Pick<QueuePaths, 'queue'> },
  record: QueueRecord,
): Answer<void> {
  return deps.files.append(deps.paths.queue, new TextEncoder().encode(`\n${JSON.stringify(record)}\n`));
}

/**
 * Drains the queue, in one process at a time. Records are moved out of the queue before the work and removed only when done or given up: a
 * crash leaves them for the next drain, so everything may be done twice and nothing is forgotten.
 * @param run does the work and returns what is to stay; must be safe to repeat
 */
export async function drain(deps: QueueDeps, run: (work: QueueWork) => Promise<Undone>): Answer<Drained> {
  const queued = await queueFiles(deps);
  if (!queued.ok) return queued;
  if (queued.value.length === 0) return ok({ ...IDLE, outcome: 'empty' });
  const lock = { path: deps.paths.queueLock, command: 'queue', waitMs: LOCK_WAIT_MS };
  const drained = await withLock(deps, lock, () => drainHeld(deps, run));
  if (!drained.ok && drained.error.code === 'lock-held') return ok({ ...IDLE, outcome: 'busy' });
  return drained;
}

const IDLE = { work: NOTHING, left: NOTHING, problem: null } as const;

/**
 * Counts requests of agents' sessions that are not done yet, but not what a hook adds to its request (notes it has shown, a session to
 * check). A request that a drain could not do yet still counts.
 */
export async function countQueued(files: Files, paths: Pick<QueuePaths, 'queue'>): Answer<number> {
  const queued = await queueFiles({ files, paths });
  if (!queued.ok) return queued;
  let count = 0;
  for (const path of queued.value) {
    const read = await files.read(path);
    if (!read.ok) return read;
    count += parseRecords(read.value ?? new Uint8Array()).filter(
      ({ kind }) => kind === 'index-pull' || kind === 'push',
    ).length;
  }
  return ok(count);
}

/** Whether there are new requests since a drain emptied the queue. */
export async function hasNews(deps: Pick<QueueDeps, 'files' | 'paths'>): Promise<boolean> {
  const there = await deps.files.stat(deps.paths.queue);
  return there.ok && there.value !== null;
}

async function drainHeld(deps: QueueDeps, run: (work: QueueWork) => Promise<Undone>): Answer<Drained> {
  const taken = await takeQueue(deps);
  if (!taken.ok) return taken;
  const { work, files } = taken.value;
  const undone = isNothing(work) ? IDLE : await run(work);
  // Written before its source is removed: a crash in between does a thing twice.
  if (!isNothing(undone.left) && !sameWork(undone.left, work)) {
    const kept = await keepWork(deps, undone.left);
    if (!kept.ok) return kept;
  }
  for (const file of sameWork(undone.left, work) && !isNothing(work) ? [] : files) {
    const removed = await removeIfSame(deps.files, file);
    if (!removed.ok) return removed;
  }
  return ok({ outcome: files.length === 0 ? 'empty' : 'done', work, ...undone });
}

/** Whether there is no work at all. */
export function isNothing({ indexPull, push, sweep, sessions, shown }: QueueWork): boolean {
  return !indexPull && !push && !sweep && sessions.length + shown.length === 0;
}

function sameWork(one: QueueWork, other: QueueWork): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

interface TakenFile {
  readonly path: string;
  readonly size: number;
}

/** Moves the queue aside and reads it with the leftovers of earlier drains; many leftovers become one file. */
async function takeQueue(deps: QueueDeps): Answer<{ work: QueueWork; files: readonly TakenFile[] }> {
  const there = await deps.files.stat(deps.paths.queue);
  if (!there.ok) return there;
  if (there.value !== null) {
    const moved = await deps.files.move(deps.paths.queue, takenPath(deps));
    if (!moved.ok) return moved;
  }
  const queued = await queueFiles(deps);
  if (!queued.ok) return queued;
  const files: TakenFile[] = [];
  const records: QueueRecord[] = [];
  for (const path of queued.value) {
    const read = await deps.files.read(path);
    if (!read.ok) return read;
    if (read.value === null) continue;
    files.push({ path, size: read.value.length });
    records.push(...parseRecords(read.value));
  }
  const work = coalesce(records);
  return files.length < 2 ? ok({ work, files }) : joinFiles(deps, work, files);
}

async function joinFiles(
  deps: QueueDeps,
  work: QueueWork,
  files: readonly TakenFile[],
): Answer<{ work: QueueWork; files: readonly TakenFile[] }> {
  const joined = await keepWork(deps, work);
  if (!joined.ok) return joined;
  for (const file of files) {
    const removed = await removeIfSame(deps.files, file);
    if (!removed.ok) return removed;
  }
  return ok({ work, files: [joined.value] });
}

/** Writes work as taken by a drain. */
async function keepWork(deps: QueueDeps, work: QueueWork): Answer<TakenFile> {
  const path = takenPath(deps);
  const lines = recordsOf(work, deps.clock.now()).map((record) => `${JSON.stringify(record)}\n`);
  const bytes = new TextEncoder().encode(lines.join(''));
  const made = await deps.files.create(path, bytes);
  return made.ok ? ok({ path, size: bytes.length }) : made;
}

/** A hook that opened the queue just before it was moved may still write to it; then the file stays for the next drain. */
async function removeIfSame(files: Files, { path, size }: TakenFile): Answer<void> {
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  return facts.value === null || facts.value.size !== size ? ok(undefined) : files.remove(path);
}

async function queueFiles(deps: {
  readonly files: Files;
  readonly paths: Pick<QueuePaths, 'queue'>;
}): Answer<readonly string[]> {
  const queue = folderPath(deps.paths.queue);
  const folder = parentOf(queue) ?? queue;
  const names = await deps.files.names(folder);
  if (!names.ok) return names;
  return ok(
    names.value
      .filter((name) => TAKEN.test(name) || name === nameOf(queue))
      .map((name) => inFolder(folder, name)),
  );
}

function takenPath(deps: QueueDeps): string {
  const folder = parentOf(folderPath(deps.paths.queue)) ?? '/';
  return inFolder(folder, `queue.taken-${deps.clock.now().toString(16)}-${deps.random.hex(8)}.jsonl`);
}

function parseRecords(bytes: Uint8Array): readonly QueueRecord[] {
  return new TextDecoder().decode(bytes).split('\n').map(parseJson).filter(isRecord);
}

function isRecord(value: unknown): value is QueueRecord {
  if (!isObject(value)) return false;
  const { kind, reader, notes } = value;
  if (kind === 'index-pull' || kind === 'push' || kind === 'sweep') return true;
  if (kind === 'session') return isHookSession(value);
  return (
    kind === 'notes-shown' &&
    typeof reader === 'string' &&
    Array.isArray(notes) &&
    notes.every((note) => typeof note === 'string')
  );
}

function coalesce(records: readonly QueueRecord[]): QueueWork {
  const shown = new Map<string, Set<string>>();
  const sessions = new Map<string, HookSession>();
  for (const record of records) {
    if (record.kind === 'session') {
      const { agent, id, transcript } = record;
      const key = `${agent}/${id}`;
      sessions.set(key, {
        agent,
        id,
        transcript,
        isOver: record.isOver || sessions.get(key)?.isOver === true,
      });
    }
    if (record.kind !== 'notes-shown') continue;
    const notes = shown.get(record.reader) ?? new Set();
    for (const note of record.notes) notes.add(note);
    shown.set(record.reader, notes);
  }
  return {
    indexPull: records.some((record) => record.kind === 'index-pull'),
    push: records.some((record) => record.kind === 'push'),
    sweep: records.some((record) => record.kind === 'sweep'),
    sessions: [...sessions.values()],
    shown: [...shown].map(([reader, notes]) => ({ reader, notes: [...notes] })),
  };
}

function recordsOf(work: QueueWork, at: number): readonly QueueRecord[] {
  return [
    ...(work.indexPull ? [{ kind: 'index-pull' as const, at }] : []),
    ...(work.push ? [{ kind: 'push' as const, at }] : []),
    ...(work.sweep ? [{ kind: 'sweep' as const, at }] : []),
    ...work.sessions.map((session) => ({ kind: 'session' as const, at, ...session })),
    ...work.shown.map(({ reader, notes }) => ({ kind: 'notes-shown' as const, at, reader, notes })),
  ];
}
