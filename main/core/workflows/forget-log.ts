import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { err, ok } from '../../../shared/result.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import type { Files } from '../ports/files.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { readMarks } from '../pending/marks-file.ts';
import { readMark } from '../save/find-own-log.ts';
import type { KeptValues } from '../secrets/kept-values.ts';
import { inMemory } from '../store/in-memory.ts';
import { readPartitionName } from '../store/layout.ts';
import { claimPartition } from '../sync/claim-partition.ts';
import { pushUnlocked } from '../sync/push.ts';
import { FORGOTTEN, logMetadata } from '../store/stored-facts.ts';
import { listPartition } from '../sync/list-partition.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { withSyncLock } from '../sync/with-sync-lock.ts';
import {
  beyondReach,
  confirmations,
  markForgotten,
  notAllForgotten,
  type ForgetReport,
} from './forget-report.ts';
import { publishKept } from './share-kept.ts';
import type { Outcome } from './outcome.ts';
import type { StoreBase } from './store-base.ts';

export interface ForgetBase extends StoreBase {
  /** The raw disk. */
  readonly disk: Files;
  readonly secrets: NonNullable<StoreBase['secrets']> & { readonly kept: KeptValues };
}

/**
 * Forgets one of this machine's logs everywhere: its file, values, object and versions beside it, its text in packs and searches; and asks
 * the other machines to drop their copies. Safe to repeat and to interrupt: the same call finishes what was begun.
 * @returns the problem `partial` when the store did not let all of it go; the report lists what no program reaches
 */
export async function forgetLog(
  base: ForgetBase,
  path: LogPath,
  options: RunOptions,
): Answer<Outcome<ForgetReport>> {
  const notReached = await beyondReach(base, [path]);
  if (!notReached.ok) return notReached;
  const done = await withSyncLock(base.sync, 'forget', options, () =>
    steps(base, path, notReached.value, options),
  );
  const unshared = done.ok ? await publishKept(base, options) : done;
  return unshared.ok ? done : unshared;
}

async function steps(
  base: ForgetBase,
  path: LogPath,
  notReached: ForgetReport['notReached'],
  options: RunOptions,
): Answer<Outcome<ForgetReport>> {
  const { sync, disk } = base;
  const file = `${sync.paths.sessionLogs}/${path}`;
  const here = await disk.stat(file);
  if (!here.ok) return here;
  const stored = await objectsOf(sync, path, options);
  if (!stored.ok) return stored;
  const planned = {
    what: 'log',
    logs: [path],
    files: here.value === null ? [] : [file],
    notReached,
  } as const;
  const names = stored.value.map(({ name }) => name);
  if (options.dryRun) return await reported(base, { ...planned, objects: names }, Infinity, null);

  const at = await markForgotten(base, [path], 'log', await sessionOf(base, path, file));
  if (!at.ok) return at;
  const gone = await dropHere(base, path, file);
  if (!gone.ok) return gone;
  const emptied = await emptyObjects(sync, stored.value, options);
  if (!emptied.ok) return emptied;
  const { done, failed } = emptied.value;
  const published = await publishWithout(base, path, options);
  if (!published.ok) return published;
  const report = { ...planned, objects: done, notReached: [...notReached, ...failed] };
  return await reported(base, report, at.value, failed.length > 0 ? notAllForgotten(failed.length) : null);
}

/** The session of a log; if an interrupted call removed it, as that call recorded. */
async function sessionOf(
  { sync, disk }: ForgetBase,
  path: LogPath,
  file: string,
): Promise<string | undefined> {
  const mark = await readMark(disk, file);
  if (mark !== null) return mark.session;
  const marks = await readMarks(sync);
  const before = marks.ok ? marks.value.find((one) => one.kind === 'forget' && one.log === path) : undefined;
  return before?.kind === 'forget' ? before.session : undefined;
}

async function reported(
  base: ForgetBase,
  report: Omit<ForgetReport, 'machines'>,
  since: number,
  problem: AppError | null,
): Answer<Outcome<ForgetReport>> {
  const machines = await confirmations(base, report.logs, since);
  return machines.ok ? ok({ report: { ...report, machines: machines.value }, problem }) : machines;
}

/** A log's objects: its own, and the versions beside it. */
async function objectsOf(
  sync: SyncDeps,
  path: LogPath,
  { signal }: RunOptions,
): Answer<readonly ObjectInfo[]> {
  const listing = await listPartition(sync, signal);
  if (!listing.ok) return listing;
  const own = listing.value.logs.get(path);
  const kept = listing.value.kept.filter(({ name }) => {
    const object = readPartitionName(sync.layout, sync.self.uuid, name);
    return object.kind === 'kept' && object.path === path;
  });
  return ok([...(own === undefined ? [] : [own]), ...kept]);
}

/** Removes the log, its withheld values and its ledger row, so that no push knows of it. */
async function dropHere({ sync, disk, secrets }: ForgetBase, path: LogPath, file: string): Answer<void> {
  const removed = await disk.remove(file);
  if (!removed.ok) return removed;
  const dropped = await secrets.kept.drop(path);
  if (!dropped.ok) return dropped;
  const ledger = await openLedger(sync.files, ledgerPath(sync));
  if (!ledger.ok) return ledger;
  ledger.value.forget(path);
  return await ledger.value.flush({ sync: true });
}

async function emptyObjects(
  sync: SyncDeps,
  objects: readonly ObjectInfo[],
  { signal }: RunOptions,
): Answer<{ readonly done: readonly string[]; readonly failed: ForgetReport['notReached'] }> {
  const claimed = await claimPartition(sync, signal);
  if (!claimed.ok) return claimed;
  const nothing = { size: 0, crc32c: 0, sha256: sync.bytes.sha256(new Uint8Array()), mtime: 0 };
  const done: string[] = [];
  const failed: { place: string; why: string }[] = [];
  for (const { name, generation } of objects) {
    const put = await sync.store.put(name, inMemory(new Uint8Array()), {
      ifGenerationMatch: generation,
      contentType: 'text/markdown; charset=utf-8',
      metadata: { ...logMetadata(nothing, sync.self.nonce), ...FORGOTTEN },
      signal,
    });
    if (put.ok) done.push(name);
    else if (put.error.transient) return put;
    else failed.push({ place: name, why: put.error.message });
  }
  return ok({ done, failed });
}

/** Publishes the index with the tombstone, and packs without the text; updates the search. */
async function publishWithout(
  { sync, textSink }: ForgetBase,
  path: LogPath,
  options: RunOptions,
): Answer<void> {
  const started = (await sync.texts?.startOver(options)) ?? ok(undefined);
  if (!started.ok) return started;
  const pushed = await pushUnlocked(sync, options);
  if (!pushed.ok) return pushed;
  const { published, attention, failed } = pushed.value.report;
  // Whatever else a push reports, the tombstone went out with the head.
  if (pushed.value.problem !== null && !published && attention.length + failed.length === 0)
    return err(pushed.value.problem);
  const emptied = (await sync.texts?.emptyRetired(options)) ?? ok(undefined);
  if (!emptied.ok) return emptied;
  return (await textSink?.drop([{ machine: sync.self.uuid, path }])) ?? ok(undefined);
}
