import * as v from 'valibot';
import { MIB, recallState, stateObject, writeState } from '../../files/state-file.ts';
import type { Files } from '../../ports/files.ts';
import type { Logger } from '../../ports/logger.ts';

/** Far more than a person ever has; the oldest are dropped first. */
const REMEMBERED = 500;

/** An announced problem: its source and text. */
export interface AnnouncedProblem {
  readonly source: string;
  readonly message: string;
}

const FORMAT = {
  schema: stateObject({
    problems: v.record(v.string(), v.object({ source: v.string(), message: v.string() })),
  }),
  maxBytes: MIB,
};

/** Reads which problems were announced; a missing or damaged file means none: at worst one is announced again. */
export async function readAnnounced(
  files: Files,
  path: string,
  logger: Pick<Logger, 'warn'>,
): Promise<ReadonlyMap<string, AnnouncedProblem>> {
  const known = await recallState(files, path, FORMAT, logger);
  return new Map(Object.entries(known?.problems ?? {}));
}

/** Stores announced problems. Best effort. */
export async function writeAnnounced(
  files: Files,
  path: string,
  problems: ReadonlyMap<string, AnnouncedProblem>,
): Promise<void> {
  const kept = [...problems].slice(-REMEMBERED);
  await writeState(files, path, { schema: 1, problems: Object.fromEntries(kept) });
}
