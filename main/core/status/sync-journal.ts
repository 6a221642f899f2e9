import * as v from 'valibot';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { MIB, readState, writeState } from '../files/state-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Logger } from '../ports/logger.ts';

export type SyncKind = 'push' | 'index' | 'pull' | 'full' | 'git';

/** How the last run of one kind ended. */
export interface SyncMark {
  /** Epoch milliseconds of the last success; 0 for never. */
  readonly success: number;
  /** The last failure after that success, if any. */
  readonly failure: {
    readonly at: number;
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
  } | null;
}

/** When a store's syncs last succeeded or failed. `state/schedule.json`; regenerable: without it everything is due. */
export interface SyncJournal {
  readonly marks: Readonly<Record<SyncKind, SyncMark>>;
}

const mark = v.object({
  success: v.number(),
  failure: v.nullable(
    v.object({ at: v.number(), code: v.string(), message: v.string(), remedy: v.string() }),
  ),
});
/** One member per store: the file has no version of its own. */
const FORMAT = {
  schema: v.record(
    v.string(),
    v.object({ marks: v.object({ push: mark, index: mark, pull: mark, full: mark, git: mark }) }),
  ),
  maxBytes: MIB,
};
const NEVER: SyncMark = { success: 0, failure: null };
const DAY_MS = 24 * 60 * 60 * 1000;

/** Reads the journal of one store; a missing or damaged one is empty. */
export async function readSyncJournal(files: Files, path: string, store: string): Answer<SyncJournal> {
  const all = await readAll(files, path);
  return all.ok ? ok(all.value[store] ?? { marks: emptyMarks() }) : all;
}

/**
 * Records how a run ended. A full sync is also a push and an index pull.
 * @param error null for success
 */
export async function markSync(
  files: Files,
  clock: Clock,
  path: string,
  store: string,
  kind: SyncKind,
  error: AppError | null,
  logger?: Pick<Logger, 'warn'>,
): Answer<void> {
  const all = await readAll(files, path, logger);
  if (!all.ok) return all;
  const marks = { ...(all.value[store]?.marks ?? emptyMarks()) };
  const kinds: readonly SyncKind[] = kind === 'full' ? ['full', 'push', 'index'] : [kind];
  for (const each of kinds) {
    const failure =
      error === null
        ? null
        : { at: clock.now(), code: error.code, message: error.message, remedy: error.remedy };
    marks[each] =
      error === null ? { success: clock.now(), failure: null } : { success: marks[each].success, failure };
  }
  return writeState(files, path, { ...all.value, [store]: { marks } });
}

/** When the next scheduled runs are due, epoch milliseconds; null where the person starts them by hand. */
export function dueTimes(
  journal: SyncJournal,
  schedule: { readonly push: 'on-change' | 'daily' | 'manual'; readonly full: 'weekly' | 'manual' },
): { readonly push: number | null; readonly full: number | null } {
  return {
    push: schedule.push === 'manual' ? null : journal.marks.push.success + DAY_MS,
    full: schedule.full === 'manual' ? null : journal.marks.full.success + 7 * DAY_MS,
  };
}

async function readAll(
  files: Files,
  path: string,
  logger?: Pick<Logger, 'warn'>,
): Answer<Record<string, SyncJournal>> {
  const all = await readState(files, path, FORMAT, logger);
  return all.ok ? ok(all.value ?? {}) : all;
}

function emptyMarks(): Record<SyncKind, SyncMark> {
  return { push: NEVER, index: NEVER, pull: NEVER, full: NEVER, git: NEVER };
}
