import type { AppError } from '../../../shared/app-error.ts';
import { logId } from '../../../shared/domain/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import { cachePath } from '../logs/cache.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';
import type { VerifyProblem } from './verify-own.ts';

/**
 * Verifies other machines' cached logs by their digests.
 * @param problems receives the faults
 * @returns how many were hashed
 */
export async function verifyCache(
  deps: SyncDeps,
  options: RunOptions,
  problems: VerifyProblem[],
): Promise<Result<number, AppError>> {
  let checked = 0;
  const machines = await deps.index.machines();
  if (!machines.ok) return machines;
  for (const { machine, cachedLogs } of machines.value) {
    if (machine === deps.self.uuid || cachedLogs === 0) continue;
    const entries = await deps.index.cachedDigests(machine);
    if (!entries.ok) return entries;
    await runLimited(entries.value, TRANSFERS, options.signal, async ({ path, sha256 }) => {
      const measured = await deps.files.measure(cachePath(deps, machine, path));
      if (!measured.ok) return;
      checked++;
      if (measured.value?.sha256 === sha256) return;
      problems.push({
        log: logId(machine, path),
        problem: `${path}: its cached copy ${measured.value === null ? 'is missing' : 'was changed after it was pulled'}.`,
        remedy: `Pull it again: session-log sync --pull --machine ${machine.slice(0, 8)} --path "${path}"`,
      });
    });
  }
  return ok(checked);
}
