import * as v from 'valibot';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { MIB, stateObject, writeState } from '../files/state-file.ts';
import { drill, type DrillReport } from '../sealing/drill.ts';
import { listPartition } from '../sync/list-partition.ts';
import type { Outcome } from './outcome.ts';
import type { SealingBase } from './sealing-base.ts';

/** Default number of logs in a drill. */
export const DRILL_SAMPLE = 20;

/** The last successful drill; `state/drill.json`. */
export const DRILL_FORMAT = {
  schema: stateObject({ at: v.number(), logs: v.number(), proved: v.number() }),
  maxBytes: MIB,
};

/**
 * Proves the backup: downloads a random sample of this machine's logs, with every key fetched and opened again, and compares digests.
 * Writes no log.
 * @param count logs to download
 * @returns the problem `corrupt` when the bytes of one differ, else why one could not be downloaded
 */
export async function drillStore(
  { sync, sealing, paths }: SealingBase & { readonly paths: { readonly drill: string } },
  count: number,
  signal?: AbortSignal,
): Promise<Result<Outcome<DrillReport>, AppError>> {
  const listing = await listPartition(sync, signal);
  if (!listing.ok) return listing;
  const tools = {
    draw: () => sync.random.fraction(),
    sha256: (bytes: Uint8Array) => sync.bytes.sha256(bytes),
    now: () => sync.clock.now(),
  };
  const done = await drill(sealing.forgetful(), [...listing.value.logs.values()], count, tools, signal);
  if (!done.ok) return done;
  // An incomplete sample proves nothing.
  if (signal?.aborted) return err(stopped());
  const { at, logs, proved, failed } = done.value;
  const wrong = failed.filter(({ error }) => error.code === 'corrupt').length;
  // An unreachable or closed store says nothing about its content.
  const problem = wrong > 0 ? notProved(wrong) : (failed[0]?.error ?? null);
  if (problem !== null) return ok({ report: done.value, problem });
  const kept = await writeState(sync.files, paths.drill, { schema: 1, at, logs, proved });
  return kept.ok ? ok({ report: done.value, problem: null }) : kept;
}

function stopped(): AppError {
  return appError('cancelled', 'The drill was stopped.', 'Run `session-log drill` again.');
}

function notProved(count: number): AppError {
  return appError(
    'corrupt',
    `${plural(count, 'log')} of the sample did not come back from the store as stored.`,
    'Run `session-log verify --deep`, then `session-log sync --full` while the logs are on this disk.',
  );
}
