import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { ObjectInfo, ObjectStore } from '../ports/object-store.ts';
import { collect } from './seal-body.ts';

/** A drill's result. */
export interface DrillReport {
  /** This machine's logs in the store. */
  readonly logs: number;
  /** Of those, opened and compared with their stored digest. */
  readonly proved: number;
  readonly failed: readonly { readonly name: string; readonly error: AppError }[];
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Chance, digests and time. */
export interface DrillTools {
  /** Uniform in [0, 1). */
  readonly draw: () => number;
  readonly sha256: (bytes: Uint8Array) => string;
  readonly now: () => number;
}

/**
 * Downloads some logs and compares them with their digests.
 * @param store opens with the keys only
 * @param objects to draw from
 */
export async function drill(
  store: ObjectStore,
  objects: readonly ObjectInfo[],
  count: number,
  { draw, sha256, now }: DrillTools,
  signal?: AbortSignal,
): Answer<DrillReport> {
  const left = [...objects];
  const failed: { name: string; error: AppError }[] = [];
  let proved = 0;
  while (left.length > 0 && proved + failed.length < count && !signal?.aborted) {
    const [one] = left.splice(Math.floor(draw() * left.length), 1);
    if (one === undefined) break;
    const found = await store.getStream(one.name, { signal });
    if (!found.ok || found.value === null) {
      if (!found.ok) failed.push({ name: one.name, error: found.error });
      continue;
    }
    const bytes = await collect(found.value.chunks);
    const arrived = await found.value.done;
    const wanted = one.metadata['log-sha256'];
    if (!arrived.ok) failed.push({ name: one.name, error: arrived.error });
    else if (wanted !== undefined && sha256(bytes) !== wanted)
      failed.push({ name: one.name, error: unlike(one.name) });
    else proved++;
  }
  return ok({ logs: objects.length, proved, failed, at: now() });
}

function unlike(name: string): AppError {
  return {
    code: 'corrupt',
    message: `${name} is not what was stored.`,
    remedy: 'Run `session-log sync --full`: it stores the log again while it is on this disk.',
    transient: false,
  };
}
