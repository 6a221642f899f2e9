import type { AppError } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { foldPath } from '../../../shared/domain/log-path.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Measured } from '../ports/files.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { classify, type Relation } from './classify.ts';
import type { ChangedLog } from '../ledger/diff-local.ts';
import { ofOwnFile } from './own-file-error.ts';
import type { PlanInput, StoredName } from './plan-push.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import { factsOfObject, type StoredFacts } from '../store/stored-facts.ts';
import { factsOfRow } from './list-partition.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** Prior knowledge. */
export interface InspectOptions extends RunOptions {
  /** Logs whose stored bytes were read and differ from their facts. */
  readonly damaged?: ReadonlySet<LogPath>;
}

/**
 * Determines how each changed log relates to the stored one. Does not read new logs; known ones once.
 * @param remote objects from listing the partition, when the ledger was empty
 */
export async function inspectChanges(
  deps: SyncDeps,
  changed: readonly ChangedLog[],
  remote: ReadonlyMap<LogPath, ObjectInfo>,
  options: InspectOptions,
): Promise<readonly PlanInput[]> {
  const results: PlanInput[] = [];
  const former = formerNames(changed, remote);
  await runLimited(changed, TRANSFERS, options.signal, async (log) => {
    const instead = former(log);
    results.push(
      instead === null
        ? await inspect(deps, log, remote.get(log.path) ?? null, options)
        : { path: log.path, relation: 'renamed', stored: null, instead },
    );
  });
  return results;
}

/** Finds the stored name of a log renamed here only in case or Unicode form. */
function formerNames(
  changed: readonly ChangedLog[],
  remote: ReadonlyMap<LogPath, ObjectInfo>,
): (log: ChangedLog) => StoredName | null {
  const here = new Set(remote.size === 0 ? [] : changed.map(({ path }) => path));
  const alone = new Map(
    [...remote].flatMap(([path, { generation }]) =>
      here.has(path) ? [] : [[foldPath(path), { path, generation }] as const],
    ),
  );
  return ({ path, formerly }) => {
    if (formerly) return { path: formerly.entry.path, generation: formerly.entry.stored.generation };
    return remote.has(path) ? null : (alone.get(foldPath(path)) ?? null);
  };
}

async function inspect(
  deps: SyncDeps,
  log: ChangedLog,
  info: ObjectInfo | null,
  options: InspectOptions,
): Promise<PlanInput> {
  const known = (log.row && factsOfRow(log.row)) ?? (info && factsOfObject(info));
  const asked =
    known === null && log.row
      ? await deps.store.head(deps.layout.log(deps.self.uuid, log.path), { signal: options.signal })
      : ok(null);
  if (!asked.ok) return { path: log.path, relation: 'unknown', stored: null, error: asked.error };
  const stored = known ?? (asked.value && factsOfObject(asked.value));
  if (stored === null) return { path: log.path, relation: 'new', stored: null };
  const relation = await relate(deps, log.path, stored, options);
  const damaged = stored.damaged || options.damaged?.has(log.path) === true;
  return relation.ok
    ? { path: log.path, relation: healing(relation.value.relation, damaged), stored }
    : { path: log.path, relation: 'unknown', stored, error: relation.error };
}

/** The relation to a damaged object: a log with all of its content repairs it. */
export function healing<Of extends string>(relation: Of, damaged: boolean): Of | 'damaged' {
  return damaged && (relation === 'same' || relation === 'grown') ? 'damaged' : relation;
}

/**
 * Relates the current file to a stored version; reads the stored bytes only if the file is shorter.
 * @returns `vanished` when the file is gone meanwhile
 */
export async function relate(
  deps: Pick<SyncDeps, 'files' | 'store' | 'layout' | 'self' | 'paths'>,
  path: LogPath,
  stored: StoredFacts,
  options: Pick<RunOptions, 'signal'>,
): Promise<
  Result<
    {
      readonly relation: Exclude<Relation, 'shorter'> | 'cut' | 'vanished';
      readonly measured: Measured | null;
    },
    AppError
  >
> {
  const signal = { signal: options.signal };
  const measured = await deps.files.measure(`${deps.paths.sessionLogs}/${path}`, {
    prefixLength: stored.size,
    ...signal,
  });
  if (!measured.ok) return err(ofOwnFile(measured.error));
  if (measured.value === null) return ok({ relation: 'vanished', measured: null });
  const relation = classify(measured.value, stored);
  if (relation !== 'shorter') return ok({ relation, measured: measured.value });
  // Labels are shorter than their values: nothing of the log was lost.
  if ((measured.value.whole?.size ?? 0) >= stored.size)
    return ok({ relation: 'edited', measured: measured.value });
  const cut = await isCut(deps, path, stored, measured.value, options);
  return cut.ok ? ok({ relation: cut.value ? 'cut' : 'edited', measured: measured.value }) : cut;
}

/** Whether the local log is a strict prefix of the stored one: a truncated or restored old file, which must never win by itself. */
async function isCut(
  deps: Pick<SyncDeps, 'store' | 'layout' | 'self'>,
  path: LogPath,
  stored: StoredFacts,
  local: Measured,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<boolean, AppError>> {
  if (local.size === 0) return ok(true);
  const download = await deps.store.getStream(deps.layout.log(deps.self.uuid, path), {
    signal: options.signal,
  });
  if (!download.ok) return download;
  // Gone from the store (by somebody): nothing can be lost.
  if (download.value === null) return ok(false);
  let [left, prefix] = [local.size, 0];
  for await (const chunk of download.value.chunks) {
    const part = chunk.subarray(0, left);
    prefix = crc32c(part, prefix);
    left -= part.length;
  }
  const done = await download.value.done;
  return done.ok ? ok(left === 0 && prefix === local.crc32c && stored.size > local.size) : done;
}
