import type { LogPath } from '../../../shared/domain/ids.ts';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { withhold, withheldOf } from '../../../shared/secrets/withhold.ts';
import { ledgerPath, openLedger, type Ledger } from '../ledger/ledger.ts';
import type { Measured } from '../ports/files.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import type { SecretWatch } from '../ports/secret-watch.ts';
import type { KeptValues } from '../secrets/kept-values.ts';
import { valuesOf, type WithholdingMode } from '../secrets/withholding-files.ts';
import { claimPartition } from '../sync/claim-partition.ts';
import { pushUnlocked } from '../sync/push.ts';
import { inMemory } from '../store/in-memory.ts';
import { factsOfObject, logMetadata } from '../store/stored-facts.ts';
import { listPartition } from '../sync/list-partition.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { rowOf } from '../sync/upload-log.ts';
import { withSyncLock } from '../sync/with-sync-lock.ts';

export interface CleanDeps {
  readonly sync: SyncDeps;
  readonly watch: SecretWatch;
  readonly kept: KeptValues;
  /** Name of the machine that keeps the values, for the labels; default this one. */
  readonly host?: string;
}

/** What was rewritten with labels. */
export interface CleanedStore {
  /** Object names: logs, and earlier versions kept beside them. */
  readonly cleaned: readonly string[];
  readonly secrets: number;
  readonly looked: number;
}

/** Larger objects are left alone, and named by `secrets scan --history`. Bytes. */
export const MOST_CLEANED = 64 * 1024 * 1024;

/**
 * Replaces secrets with labels in this machine's stored objects: current logs and earlier versions beside them. Keeps nothing of what it
 * replaces. Index and text packs follow, and other machines with their next pull. Safe to repeat and to interrupt: each object is replaced
 * under its precondition, before the ledger is updated.
 * @returns `precondition` where logs leave unchanged, because the next push would upload the values again
 */
export async function cleanStore(
  deps: CleanDeps & { mode(): Promise<WithholdingMode> },
  options: RunOptions,
): Answer<CleanedStore> {
  const mode = await deps.mode();
  return mode === 'labels' ? await replaceSecrets(deps, options) : err(leavesWhole(mode));
}

/** {@link cleanStore} without that check, for callers that make it. */
export function replaceSecrets(deps: CleanDeps, options: RunOptions): Answer<CleanedStore> {
  const { sync } = deps;
  return withSyncLock<CleanedStore>(sync, 'push', options, async () => {
    const listing = await listPartition(sync, options.signal);
    if (!listing.ok) return listing;
    const claimed = await claimPartition(sync, options.signal);
    if (!claimed.ok) return claimed;
    const ledger = await openLedger(sync.files, ledgerPath(sync));
    if (!ledger.ok) return ledger;
    const cleaned: string[] = [];
    let [secrets, looked, follows] = [0, 0, false];
    const logs = [...listing.value.logs].map(([path, info]) => ({ path, info }));
    const kept = listing.value.kept.map((info) => ({ path: null, info }));
    for (const { path, info } of [...logs, ...kept]) {
      if (info.size > MOST_CLEANED) continue;
      looked++;
      const known = path === null ? undefined : ledger.value.rows.get(path)?.entry.stored.generation;
      const done = await cleanObject(deps, path, info, known, options);
      if (!done.ok) return done;
      if (done.value === null) continue;
      follows = true;
      secrets += done.value.secrets;
      if (done.value.secrets > 0) cleaned.push(info.name);
      const learnt = path === null ? ok(undefined) : await learn(sync, ledger.value, path, done.value);
      if (!learnt.ok) return learnt;
    }
    const followed = follows ? await publishAnew(sync, options) : ok(undefined);
    return followed.ok ? ok({ cleaned, secrets, looked }) : followed;
  });
}

function leavesWhole(mode: WithholdingMode): AppError {
  return appError(
    'precondition',
    mode === 'off'
      ? 'Logs leave this machine with the secrets in them: the next push would take them there again.'
      : 'The store is sealed and has logs whole: only members of the team can read them.',
    'To have labels there, say so first: `session-log config set secrets.withhold always`.',
    { action: 'session-log config set secrets.withhold always' },
  );
}

/** An object's new state. */
interface Cleaned {
  readonly secrets: number;
  readonly measured: Measured;
  readonly info: ObjectInfo;
}

/** The ledger, and so the shard, records the log as now stored. */
async function learn(
  sync: SyncDeps,
  ledger: Ledger,
  path: LogPath,
  { measured, info }: Cleaned,
): Answer<void> {
  const row = await rowOf(sync, path, measured, info);
  ledger.record({ ...row, goneSince: ledger.rows.get(path)?.goneSince ?? 0 });
  const flushed = await ledger.flush({ sync: true });
  // So that a scan of the folder knows its pushed size; not before the ledger does.
  if (flushed.ok) await sync.files.measure(`${sync.paths.sessionLogs}/${path}`);
  return flushed;
}

async function publishAnew(sync: SyncDeps, options: RunOptions): Answer<void> {
  const started = (await sync.texts?.startOver(options)) ?? ok(undefined);
  if (!started.ok) return started;
  const pushed = await pushUnlocked(sync, options);
  if (!pushed.ok) return pushed;
  if (pushed.value.problem !== null) return err(pushed.value.problem);
  return (await sync.texts?.emptyRetired(options)) ?? ok(undefined);
}

/**
 * @param known the generation in the ledger; undefined where it has none
 * @returns null when it holds no secret, nor anything a killed run has not recorded in the ledger
 */
async function cleanObject(
  { sync, watch, kept, host = sync.self.hostname }: CleanDeps,
  path: LogPath | null,
  info: ObjectInfo,
  known: string | undefined,
  { signal }: RunOptions,
): Answer<Cleaned | null> {
  const call = { signal };
  const object = await sync.store.get(info.name, call);
  if (!object.ok) return object;
  if (object.value === null) return ok(null);
  const plain = object.value.bytes;
  const found = await watch.find(plain, signal);
  if (!found.ok) return found;
  const mtime = factsOfObject(info).mtime ?? info.updated;
  if (found.value.length === 0) {
    if (known === undefined || known === info.generation) return ok(null);
    return ok({ secrets: 0, measured: measuredOf(sync, plain, mtime), info });
  }
  const withheld = withheldOf(plain, found.value, host);
  const before = path === null ? ok(null) : await kept.of(path);
  if (!before.ok) return before;
  // A log deleted from this disk has its values in the store alone.
  if (path !== null && before.value === null) {
    const done = await kept.keep({ path, values: valuesOf(plain, withheld, found.value) });
    if (!done.ok) return done;
  }
  const bytes = withhold(plain, withheld);
  const measured = measuredOf(sync, bytes, mtime);
  const written = await sync.store.put(info.name, measured.source, {
    ifGenerationMatch: object.value.info.generation,
    contentType: 'text/markdown; charset=utf-8',
    metadata: logMetadata({ ...measured, mtime }, sync.self.nonce),
    ...call,
  });
  if (!written.ok) return written;
  return ok({ secrets: found.value.length, measured, info: written.value });
}

/** Measures bytes in memory like a file. */
export function measuredOf(sync: SyncDeps, bytes: Uint8Array, mtimeMs: number): Measured {
  const source = inMemory(bytes);
  const { size, crc32c } = source;
  return { size, mtimeMs, sha256: sync.bytes.sha256(bytes), crc32c, prefixCrc32c: null, source };
}
