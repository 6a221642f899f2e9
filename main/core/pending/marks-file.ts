import type { Answer } from '../../../shared/app-error.ts';
import type { Mark, TaskMark } from '../../../shared/domain/marks.ts';
import { ok } from '../../../shared/result.ts';
import { MIB, knownOf, peekState, readState, writeState } from '../files/state-file.ts';
import { withLock } from '../files/with-lock.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Locks } from '../ports/lock.ts';
import { mark } from '../sync/read-shard.ts';
import type { DataPaths } from '../files/data-paths.ts';

/** What changing marks needs. */
export interface MarksDeps {
  readonly files: Files;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly paths: Pick<DataPaths, 'marks' | 'notesLock'>;
}

const FORMAT = { schema: knownOf<Mark>(mark), maxBytes: 8 * MIB };
const LOCK_WAIT_MS = 10_000;
const DAY_MS = 86_400_000;
/** A mark is useful while its task can still be in the newest log of its thread. */
const MARK_DAYS = 730;
/** The newest stay; nobody completes so many in two years. */
const MARK_COUNT = 5_000;

/** Reads the marks of this machine's readers without a lock: the file is replaced as a whole. An unreadable one counts as empty. */
export async function readMarks(
  deps: Pick<MarksDeps, 'files'> & { readonly paths: Pick<MarksDeps['paths'], 'marks'> },
): Answer<readonly Mark[]> {
  const marks = await peekState(deps.files, deps.paths.marks, FORMAT);
  return marks.ok ? ok(marks.value ?? []) : marks;
}

/**
 * Adds marks under the lock, each replacing the same reader's earlier one on the same subject. An unreadable file is kept beside it: at
 * worst, tasks are open again.
 */
export async function addMarks(deps: MarksDeps, fresh: readonly Mark[]): Answer<void> {
  const lock = { path: deps.paths.notesLock, command: 'pending', waitMs: LOCK_WAIT_MS };
  return withLock(deps, lock, async () => {
    const before = await readState(deps.files, deps.paths.marks, FORMAT);
    if (!before.ok) return before;
    const marks = new Map([...(before.value ?? []), ...fresh].map((one) => [keyOf(one), one]));
    return writeState(deps.files, deps.paths.marks, trimmed([...marks.values()], deps.clock.now()));
  });
}

function keyOf(one: Mark): string {
  if (one.kind === 'task') return `task ${one.task} ${one.reader}`;
  if (one.kind === 'look') return `look ${one.reader}`;
  if (one.kind === 'harmless') return `harmless ${one.digest}`;
  return one.kind === 'forget' ? `forget ${one.log}` : `forgotten ${one.owner} ${one.log}`;
}

function trimmed(marks: readonly Mark[], now: number): readonly Mark[] {
  // What was forgotten stays forgotten; these are few.
  const others = marks.filter(({ kind }) => kind !== 'task');
  const tasks = marks.filter((one): one is TaskMark => one.kind === 'task');
  const kept = tasks
    .filter(({ at }) => at >= now - MARK_DAYS * DAY_MS)
    .sort((a, b) => a.at - b.at)
    .slice(-MARK_COUNT);
  return [...kept, ...others];
}
