import type { Answer } from '../../../shared/app-error.ts';
import { logId } from '../../../shared/domain/ids.ts';
import { partId } from '../../../shared/domain/log-path.ts';
import { saveBrief } from '../brief/brief-file.ts';
import { listPending, MOST_TASKS } from '../pending/pending-tasks.ts';
import { teamMarks } from '../pending/team-marks.ts';
import { sweepTexts } from '../search/sweep.ts';
import type { SearchDeps } from '../search/search-deps.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { refreshLocal } from './refresh-local.ts';

/** Milliseconds spent indexing texts for open tasks; nobody waits. */
const SWEEP_MS = 5_000;

/** What writing the brief needs. */
export interface BriefBase {
  readonly sync: SyncDeps;
  readonly search: SearchDeps;
  readonly paths: { readonly brief: string; readonly marks: string };
}

/**
 * Writes what agents' sessions begin with (`state/brief.json`), from the local index alone: the end of a run started by a hook, so that the
 * next hook reads one small file.
 */
export async function writeBrief(
  { sync, search, paths }: BriefBase,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Answer<void> {
  const local = await refreshLocal(sync);
  if (!local.ok) return local;
  // Open tasks come from the full text; an incomplete one gives fewer counts, but still a brief.
  await sweepTexts(search, { ...options, withinMs: SWEEP_MS });
  const deps = { sync: { ...sync, paths }, search: search.search };
  const pending = await listPending(deps, { user: '', fullName: null }, { limit: MOST_TASKS });
  const tasks = new Map(
    (pending.ok ? pending.value.threads : []).map((thread) => [
      String(partId(logId(thread.machine, thread.path), thread.part)),
      thread.tasks.length,
    ]),
  );
  const marks = await teamMarks(deps.sync);
  const looked = new Map<string, number>();
  for (const mark of marks.ok ? marks.value : [])
    if (mark.kind === 'look') looked.set(mark.reader, Math.max(mark.upTo, looked.get(mark.reader) ?? 0));
  return saveBrief(sync, paths.brief, { tasks, looked });
}
