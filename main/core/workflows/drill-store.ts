import * as v from 'valibot';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { MIB, stateObject, writeState } from '../files/state-file.ts';
import { storedSessions } from '../capture/stored-copies.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { drill, type DrillReport } from '../sealing/drill.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { listPartition } from '../sync/list-partition.ts';
import type { Outcome } from './outcome.ts';
import type { SealingBase } from './sealing-base.ts';

/** Default number of logs in a drill. */
export const DRILL_SAMPLE = 20;

/** Logs for each piece of a session's copy, which is up to 4 MiB. */
const LOGS_A_PIECE = 4;

/** What a drill found, of logs and of copies of sessions. */
export interface StoreDrill extends DrillReport {
  /** Pieces of copies of this machine's sessions in the store; and of those, opened and compared. */
  readonly pieces: number;
  readonly piecesProved: number;
}

/** The last successful drill; `state/drill.json`. */
export const DRILL_FORMAT = {
  schema: stateObject({ at: v.number(), logs: v.number(), proved: v.number() }),
  maxBytes: MIB,
};

/**
 * Proves the backup: downloads a random sample of this machine's logs, and a fourth as many pieces of copies of its sessions, with every key
 * fetched and opened again, and compares digests. Writes no log.
 * @param count logs to download
 * @returns the problem `corrupt` when the bytes of one differ, else why one could not be downloaded
 */
export async function drillStore(
  { sync, sealing, paths }: SealingBase & { readonly paths: { readonly drill: string } },
  count: number,
  signal?: AbortSignal,
): Answer<Outcome<StoreDrill>> {
  const listing = await listPartition(sync, signal);
  if (!listing.ok) return listing;
  const tools = {
    draw: () => sync.random.fraction(),
    sha256: (bytes: Uint8Array) => sync.bytes.sha256(bytes),
    now: () => sync.clock.now(),
  };
  const copied = await storedPieces(sync, signal);
  if (!copied.ok) return copied;
  const store = sealing.forgetful();
  const missing = await missingLogs(sync, listing.value.logs, count);
  if (!missing.ok) return missing;
  const done = await drill(store, [...listing.value.logs.values()], count, tools, signal);
  if (!done.ok) return done;
  const pieces = await drill(store, copied.value, Math.ceil(count / LOGS_A_PIECE), tools, signal);
  if (!pieces.ok) return pieces;
  // An incomplete sample proves nothing.
  if (signal?.aborted) return err(stopped());
  const { at, logs, proved } = done.value;
  const failed = [...missing.value, ...done.value.failed, ...pieces.value.failed];
  const report = { ...done.value, failed, pieces: pieces.value.logs, piecesProved: pieces.value.proved };
  const wrong = failed.filter(({ error }) => error.code === 'corrupt').length;
  // An unreachable or closed store says nothing about its content.
  const problem = wrong > 0 ? notProved(wrong) : (failed[0]?.error ?? null);
  if (problem !== null) return ok({ report, problem });
  // A store without anything of this machine proves nothing either.
  if (proved + report.piecesProved === 0) return ok({ report, problem: null });
  const kept = await writeState(sync.files, paths.drill, { schema: 1, at, logs, proved });
  return kept.ok ? ok({ report, problem: null }) : kept;
}

/** Logs that were pushed and that the store no longer has: a sample of what it has would never meet them. @param most of them */
async function missingLogs(
  sync: SyncDeps,
  stored: ReadonlyMap<LogPath, ObjectInfo>,
  most: number,
): Answer<DrillReport['failed']> {
  const ledger = await openLedger(sync.files, ledgerPath(sync));
  if (!ledger.ok) return ledger;
  const missing = [...ledger.value.rows.keys()].filter((path) => !stored.has(path));
  return ok(missing.slice(0, most).map((path) => ({ name: path, error: gone(path) })));
}

function gone(path: LogPath): AppError {
  return appError(
    'corrupt',
    `${path} was pushed, and the store no longer has it.`,
    'Run `session-log sync --full`: it stores the log again while it is on this disk.',
  );
}

/** The pieces of copies of this machine's sessions that the store has. */
async function storedPieces(sync: SyncDeps, signal: AbortSignal | undefined): Answer<readonly ObjectInfo[]> {
  const pieces: ObjectInfo[] = [];
  for await (const found of storedSessions(sync, '', { signal })) {
    if (!found.ok) return found;
    if ('pieces' in found.value) for (const { info } of found.value.pieces) pieces.push(info);
  }
  return ok(pieces);
}

function stopped(): AppError {
  return appError('cancelled', 'The drill was stopped.', 'Run `session-log drill` again.');
}

function notProved(count: number): AppError {
  return appError(
    'corrupt',
    `${count} of the sample did not come back from the store as stored.`,
    'Run `session-log verify --deep`, then `session-log sync --full` while the logs are on this disk.',
  );
}
