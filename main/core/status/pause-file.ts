import * as v from 'valibot';
import { MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { Files } from '../ports/files.ts';
import type { Logger } from '../ports/logger.ts';

/** A person's pause, which outlives the app. `until` is epoch milliseconds; null until a person resumes. */
export interface KeptPause {
  readonly until: number | null;
}

const FORMAT = { schema: stateObject({ until: v.nullable(v.number()) }), maxBytes: MIB };

/** Reads `state/pause.json`; null when nothing is paused (any more). */
export async function readPause(
  files: Files,
  path: string,
  now: number,
  logger?: Pick<Logger, 'warn'>,
): Promise<KeptPause | null> {
  const pause = await recallState(files, path, FORMAT, logger);
  if (pause === null || (pause.until !== null && pause.until <= now)) return null;
  return { until: pause.until };
}

/** Stores or removes a pause. Best effort: at worst the app works again after a restart. */
export async function writePause(files: Files, path: string, pause: KeptPause | null): Promise<void> {
  if (pause === null) await files.remove(path);
  else await writeState(files, path, { schema: 1, until: pause.until });
}
