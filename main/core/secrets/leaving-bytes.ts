import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { withhold, withheldOf } from '../../../shared/secrets/withhold.ts';
import type { WithholdingDeps } from './withholding-files.ts';

/** A log's bytes as they may leave: `SyncDeps.leaving`. */
export async function leavingBytes(
  { bytes, watch, host, mode }: Pick<WithholdingDeps, 'bytes' | 'watch' | 'host' | 'mode'>,
  log: Uint8Array,
  leaves?: string,
): Answer<Uint8Array> {
  if ((await mode()) === 'off' || (leaves !== undefined && bytes.sha256(log) === leaves)) return ok(log);
  const found = await watch.find(log);
  return found.ok ? ok(withhold(log, withheldOf(log, found.value, host))) : found;
}
